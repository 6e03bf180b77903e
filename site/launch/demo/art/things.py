"""Household things: what is in the kits, and what stands on tables."""

from launch.demo.art import palette as p
from launch.demo.art.nature import sprig
from launch.demo.art.pen import Pen, arc, mix, rounded, smooth


def cup(pen: Pen, colour: str = p.WHITE, drink: str = "#5a3220") -> None:
    """A cup on a saucer, 200 wide, standing on y = 0."""
    pen.oval(0, -4, 128, 18, mix(colour, p.INK, 0.18))
    pen.oval(0, -9, 128, 17, colour)
    pen.ring(92, -74, 27, 13, mix(colour, p.INK, 0.1))
    bowl = smooth([(-92, -130), (-86, -70), (-58, -22), (0, -12), (58, -22), (86, -70), (92, -130)])
    pen.shape(bowl, colour)
    pen.shape(smooth([(92, -130), (86, -70), (58, -22), (0, -12), (44, -50), (58, -130)]), mix(colour, p.INK, 0.12))
    pen.oval(0, -130, 92, 21, mix(colour, p.INK, 0.07))
    pen.oval(0, -127, 82, 16, drink)
    pen.oval(-24, -130, 34, 6, mix(drink, p.KOA_LIGHT, 0.6))


def dripper(pen: Pen, colour: str = p.WHITE) -> None:
    """A ceramic cone with its paper, 220 wide, its foot on y = 0."""
    shade = mix(colour, p.INK, 0.14)
    paper = [(-116, -176), (-60, -196), (40, -190), (112, -182), (104, -150), (-106, -150)]
    pen.shape(paper, "#efe3cb")
    pen.ring(118, -104, 32, 15, shade)
    cone = [(-112, -164), (112, -164), (40, -22), (-40, -22)]
    pen.shape(cone, colour)
    pen.shape([(112, -164), (40, -22), (0, -22), (52, -164)], shade)
    for k in (-80, -44, -8, 28, 64):
        pen.line(smooth([(k, -150), (k * 0.72 + 8, -90), (k * 0.36 + 8, -30)]), 4, mix(colour, p.INK, 0.22), 0.6)
    pen.box(-114, -170, 228, 13, mix(colour, p.WHITE, 0.5), 6)
    pen.box(-46, -24, 92, 14, shade, 4)
    pen.box(-104, -12, 208, 13, colour, 6)
    pen.box(0, -12, 104, 13, shade, 6)


def server(pen: Pen, level: float = 0.45) -> None:
    """A glass carafe of coffee, 220 wide, 210 tall, standing on y = 0."""
    glass = smooth(
        [
            (-60, -205),
            (-64, -178),
            (-104, -120),
            (-112, -60),
            (-92, -4),
            (0, 0),
            (92, -4),
            (112, -60),
            (104, -120),
            (64, -178),
            (60, -205),
        ]
    )
    pen.line(smooth([(100, -150), (158, -148), (166, -90), (150, -40), (108, -40)]), 15, p.WALNUT)
    pen.shape(glass, "#e4eeec", 0.85)
    with pen.inside(glass):
        top = -190 * level
        pen.box(-130, top, 260, 220, "#6b3a22")
        pen.oval(0, top, 112, 13, "#8d5530")
        pen.box(40, top, 90, 220, "#4a2616", alpha=0.5)
        pen.stroke([(-84, -130), (-92, -80), (-78, -26)], [4, 11, 3], p.WHITE, 0.75)
    pen.line([*glass, glass[0]], 3.5, "#b5ccca")
    pen.box(-66, -212, 132, 13, p.WALNUT, 6)


def kettle(pen: Pen, colour: str = p.TEAL) -> None:
    """A goose-neck kettle with its spout to the left, standing on y = 0."""
    dark, light = mix(colour, p.INK, 0.3), mix(colour, p.WHITE, 0.35)
    pen.line(smooth([(96, -150), (190, -172), (206, -96), (150, -34)]), 20, p.WALNUT)
    pen.stroke([(-96, -46), (-156, -60), (-164, -120), (-186, -180), (-226, -190)], [34, 24, 17, 13, 11], dark)
    pen.shape([(-84, -168), (-110, -12), (-102, 0), (102, 0), (110, -12), (84, -168)], colour)
    pen.shape([(84, -168), (110, -12), (102, 0), (34, 0), (44, -168)], dark, 0.6)
    pen.stroke([(-66, -146), (-82, -80), (-84, -30)], [5, 13, 5], light, 0.8)
    pen.oval(0, -168, 86, 15, dark)
    pen.oval(0, -173, 78, 13, light)
    pen.dot(0, -194, 14, p.WALNUT)


def brush(pen: Pen, length: float = 420, wet: bool = True) -> None:
    """A writing brush along x: the tip at the origin, the handle to the right."""
    pen.shape([(96, -11), (length, -9), (length + 10, 0), (length, 9), (96, 11)], p.KOA)
    pen.shape([(96, 2), (length + 10, 1), (length, 9), (96, 11)], p.KOA_DARK)
    pen.box(84, -15, 40, 30, p.WALNUT, 5)
    pen.box(128, -11, 5, 22, p.SUN)
    pen.shape(smooth([(0, 2), (26, -11), (60, -18), (92, -14), (92, 14), (60, 17), (26, 12)], closed=True), "#efe4cf")
    if wet:
        pen.shape(smooth([(0, 2), (26, -11), (56, -17), (66, 0), (56, 16), (26, 12)], closed=True), p.INK)
    pen.ring(length + 18, 0, 9, 3, p.PERSIMMON)


def inkstone(pen: Pen) -> None:
    """An inkstone seen from above, 220 by 150."""
    body = rounded(-110, -75, 220, 150, 26)
    pen.shadow(body, 6, 9, 8, 0.3)
    pen.shape(body, "#3c474f")
    pen.shape(rounded(-97, -63, 194, 126, 20), "#505d66")
    pen.oval(26, 0, 62, 50, "#2a343c")
    pen.oval(-56, 0, 22, 42, "#141b21")
    pen.oval(-58, -12, 9, 14, "#41505b")
    pen.stroke([(-20, -24), (16, -34), (56, -24)], [3, 7, 2], "#6f7d86", 0.7)


def ink_stick(pen: Pen) -> None:
    pen.shadow(rounded(-20, -80, 40, 160, 6), 5, 7, 5, 0.28)
    pen.box(-20, -80, 40, 160, "#1d262d", 6)
    pen.box(-12, -60, 24, 92, p.SUN, 3)
    pen.box(-8, -56, 16, 84, "#2d3840", 3)


def tuner(pen: Pen) -> None:
    """A clip-on tuner showing that a string is in tune, 150 wide."""
    pen.box(-18, 40, 36, 58, p.SLATE, 8)
    pen.box(-44, 84, 88, 26, p.INK, 10)
    pen.shadow(rounded(-75, -60, 150, 116, 26), 5, 8, 7, 0.28)
    pen.box(-75, -60, 150, 116, p.INK, 26)
    pen.box(-62, -48, 124, 80, "#dff0d8", 14)
    for turn in range(-60, 61, 20):
        tick = pen.at(0, 26, turn=turn)
        tick.box(-2, -64, 4, 12, p.LEAF_DARK)
    pen.line([(0, 24), (0, -32)], 5, p.LEAF)
    pen.dot(0, 24, 8, p.LEAF_DARK)


def string_pack(pen: Pen, colour: str = p.PERSIMMON) -> None:
    """Spare strings in a paper sleeve, 150 by 150."""
    sleeve = rounded(-75, -75, 150, 150, 8)
    pen.shadow(sleeve, 5, 8, 7, 0.25)
    pen.shape(sleeve, colour)
    pen.shape([(-75, -67), (-67, -75), (67, -75), (75, -67), (0, -8)], mix(colour, p.INK, 0.14))
    for r in (40, 35, 30, 25):
        pen.ring(0, 18, r, 2.2, p.CREAM)
    pen.dot(0, 18, 9, p.CREAM)


def gig_bag(pen: Pen, colour: str = p.TEAL) -> None:
    """A padded bag, 210 by 580, standing upright around the origin."""
    half = [
        (0, -290),
        (42, -284),
        (52, -240),
        (44, -150),
        (56, -60),
        (92, -10),
        (82, 70),
        (104, 160),
        (98, 246),
        (60, 286),
        (0, 290),
    ]
    shape = smooth([*half, *((-x, y) for x, y in reversed(half) if x)], closed=True)
    pen.shadow(shape, 8, 12, 10, 0.28)
    pen.shape(shape, colour)
    with pen.inside(shape):
        pen.blob([(110, -300), (26, -280), (30, -60), (58, 60), (56, 300), (130, 300)], mix(colour, p.INK, 0.25))
        pen.box(-66, 110, 132, 130, mix(colour, p.WHITE, 0.12), 18)
        pen.line([(-66, 132), (66, 132)], 5, p.SUN)
        pen.dot(58, 132, 7, p.SUN)
    inner = [(x * 0.92, y * 0.965) for x, y in shape]
    pen.line([*inner, inner[0]], 3, mix(colour, p.PAPER, 0.4))
    pen.line(smooth([(-16, -60), (-26, -20), (26, -20), (16, -60)]), 12, p.WALNUT)


def coffee_bean(pen: Pen, colour: str, size: float = 1) -> None:
    pen.oval(0, 0, 30 * size, 21 * size, colour)
    pen.shape(smooth([*arc(0, 0, 30 * size, 21 * size, 10, 170, 20)], closed=True), mix(colour, p.INK, 0.2))
    pen.stroke(
        [(-28 * size, 2 * size), (-8 * size, -5 * size), (8 * size, 5 * size), (28 * size, -2 * size)],
        [1, 4 * size, 4 * size, 1],
        mix(colour, p.INK, 0.5),
    )


def bag_of_beans(pen: Pen) -> None:
    """A bag with a label, 170 by 240, standing on y = 0."""
    pen.shape([(-80, -226), (80, -226), (88, 0), (-88, 0)], p.KOA)
    pen.shape([(80, -226), (88, 0), (20, 0), (34, -226)], p.KOA_DARK, 0.6)
    pen.box(-82, -240, 164, 26, p.KOA_DARK, 5)
    pen.box(-54, -170, 108, 110, p.PAPER, 6)
    coffee_bean(pen.at(0, -128, turn=-35), "#6b3a22", 0.95)
    for y, w in ((-90, 66), (-76, 44)):
        pen.box(-w / 2, y, w, 5, p.SLATE, 2)


def potted_plant(pen: Pen, pot: str = p.PERSIMMON) -> None:
    for turn in (-34, 30, -10, 12):
        sprig(pen.at(0, -96, turn=turn), p.LEAF if turn % 4 else p.LEAF_DARK, 4, 0.7)
    pen.shape([(-62, -110), (62, -110), (46, 0), (-46, 0)], pot)
    pen.shape([(62, -110), (46, 0), (8, 0), (22, -110)], mix(pot, p.INK, 0.2))
    pen.box(-70, -124, 140, 26, mix(pot, p.WHITE, 0.12), 7)
