"""Pictures of the calligraphy course: its modules and its seven lessons, 1000 by 700."""

from collections.abc import Callable, Sequence

from launch.demo.art import ink, things
from launch.demo.art import palette as p
from launch.demo.art.ink import Stroke
from launch.demo.art.nature import blossom
from launch.demo.art.pen import Pen, Sheet, mix, rounded

W, H = 1000, 700
STEPS = (p.PERSIMMON, p.TEAL, p.LEAF, p.EMBER, p.SLATE)


def _page(tint: str) -> tuple[Sheet, Pen]:
    sheet = Sheet(W, H, tint)
    pen = Pen(sheet)
    pen.dot(500, 350, 310, mix(tint, p.WHITE, 0.45))
    return sheet, pen


def _square(pen: Pen, x: float, y: float, size: float, strokes: Sequence[Stroke]) -> None:
    frame = rounded(x - 26, y - 26, size + 52, size + 52, 14)
    pen.shadow(frame, 4, 9, 10, 0.18)
    pen.shape(frame, p.PAPER)
    ink.grid(pen.at(x, y), size)
    ink.write(pen.at(x + size * 0.09, y + size * 0.09), strokes, size * 0.82)


def _mark(pen: Pen, x: float, y: float, words: str, colour: str) -> None:
    pen.dot(x, y, 25, colour)
    pen.text(x, y - 1, words, 29, p.WHITE)


def grip() -> Sheet:
    """The brush upright, and which finger touches it where."""
    sheet, pen = _page("#e6e0d2")
    page = rounded(120, 560, 760, 120, 8)
    pen.shadow(page, 3, 6, 7, 0.16)
    pen.shape(page, p.PAPER)
    pen.stroke([(250, 640), (380, 632), (500, 634)], [4, 13, 8], p.INK)
    things.brush(pen.at(500, 640, turn=-90, scale=1.4), 400)
    for number, side, y, colour in (
        (1, -1, 250, STEPS[0]),
        (2, 1, 222, STEPS[1]),
        (3, 1, 300, STEPS[2]),
        (4, -1, 372, STEPS[3]),
        (5, -1, 432, STEPS[4]),
    ):
        finger = rounded(0, -27, 190, 54, 27)
        hand = pen.at(500 + side * 10, y, flip=side < 0)
        hand.shape(finger, "#eec3a0")
        hand.shape(rounded(0, 2, 190, 25, 12), "#dfa983")
        hand.shape(rounded(6, -16, 34, 28, 13), "#fbe3d0")
        _mark(pen, 500 + side * 236, y, str(number), colour)
    return sheet


def cross() -> Sheet:
    sheet, pen = _page("#efdfd4")
    _square(pen, 90, 160, 380, ink.SHI)
    for y, strokes in ((150, ink.HENG), (410, ink.SHU)):
        card = rounded(560, y, 360, 190, 20)
        pen.shadow(card, 3, 7, 8, 0.14)
        pen.shape(card, p.WHITE)
        if strokes is ink.HENG:
            ink.write(pen.at(600, y - 50), (strokes,), 290)
            spots = ((640, y + 140), (745, y + 140), (850, y + 140))
        else:
            ink.write(pen.at(740, y + 95, turn=-90).at(-128, -128), (strokes,), 256)
            spots = ((668, y + 155), (745, y + 155), (822, y + 155))
        for n, (x, at) in enumerate(spots, 1):
            _mark(pen, x, at, str(n), STEPS[n - 1])
    return sheet


def big() -> Sheet:
    sheet, pen = _page("#dfe6dc")
    _square(pen, 260, 110, 480, ink.DA)
    _mark(pen, 200, 560, "1", STEPS[0])
    _mark(pen, 800, 560, "2", STEPS[1])
    pen.shape([(690, 575), (740, 535), (742, 577)], p.PERSIMMON, 0.75)
    return sheet


def forever() -> Sheet:
    """The five steps of 永, each adding its strokes in colour."""
    sheet, pen = _page("#e4e2ea")
    ends = (1, 4, 5, 6, 8)
    spots = ((40, 50), (360, 50), (680, 50), (200, 370), (520, 370))
    for n, (end, (x, y)) in enumerate(zip(ends, spots, strict=True)):
        begin = ends[n - 1] if n else 0
        card = rounded(x, y, 280, 280, 18)
        pen.shadow(card, 3, 7, 8, 0.15)
        pen.shape(card, p.PAPER)
        ink.grid(pen.at(x + 20, y + 20), 240, mix(p.RED, p.PAPER, 0.45))
        place = pen.at(x + 42, y + 42)
        ink.write(place, ink.YONG[end:], 196, "#e5dccb")
        ink.write(place, ink.YONG[:begin], 196)
        ink.write(place, ink.YONG[begin:end], 196, p.PERSIMMON)
        _mark(pen, x + 30, y + 30, str(n + 1), p.PERSIMMON)
    return sheet


def middle() -> Sheet:
    sheet, pen = _page("#f1e2c9")
    _square(pen, 80, 150, 400, ink.ZHONG)
    pen.ring(280, 350, 20, 6, p.PERSIMMON)
    frame = rounded(556, 124, 364, 452, 14)
    pen.shadow(frame, 4, 9, 10, 0.18)
    pen.shape(frame, p.PAPER)
    for x, y, w, h, tone in (
        (590, 160, 296, 30, p.INK),
        (590, 160, 26, 380, p.INK),
        (856, 160, 30, 380, p.INK),
        (590, 520, 296, 20, p.INK),
        (640, 218, 192, 274, p.BLUSH),
    ):
        pen.box(x, y, w, h, tone, 8)
    for y in (250, 340, 430):
        pen.box(668, y, 136, 18, p.EMBER, 8)
    pen.box(727, 250, 18, 198, p.EMBER, 8)
    return sheet


def layout() -> Sheet:
    """The places of four characters, the signature and the seal on an upright sheet."""
    sheet, pen = _page("#dde5e4")
    page = [(320, 30), (680, 30), (680, 670), (320, 670)]
    pen.shadow(page, 5, 10, 11, 0.22)
    pen.shape(page, p.PAPER)
    pen.line([(540, 60), (540, 640)], 2.5, p.SAND)
    for k, (w, h) in enumerate(((128, 112), (124, 116), (108, 130), (120, 118))):
        y = 70 + 144 * k
        pen.box(540 - w / 2, y, w, h, mix(p.INK, p.PAPER, 0.1 + 0.13 * k), 16)
    for k in range(4):
        pen.box(388, 360 + 42 * k, 28, 32, p.SLATE, 7)
    ink.seal(pen.at(380, 546), 44)
    things.brush(pen.at(780, 560, turn=-74, scale=1.1), 380)
    things.inkstone(pen.at(160, 480, turn=-6, scale=0.95))
    return sheet


def blessing() -> Sheet:
    sheet, pen = _page("#f0d6c6")
    diamond = [(500, 20), (830, 350), (500, 680), (170, 350)]
    pen.shadow(diamond, 6, 12, 12, 0.3)
    pen.shape(diamond, p.RED)
    inset = [(500, 52), (798, 350), (500, 648), (202, 350)]
    pen.line([*inset, inset[0]], 4, p.SUN)
    pen.box(344, 196, 118, 312, p.SUN, 16, alpha=0.3)
    pen.box(474, 196, 180, 312, p.SUN, 16, alpha=0.2)
    ink.write(pen.at(346, 198), ink.FU, 306, "#231917")
    for x, y, size in ((110, 120, 1.2), (900, 580, 1.3), (860, 110, 0.9), (130, 600, 0.9)):
        blossom(pen.at(x, y, turn=x), size, "#f6c6bb", p.EMBER)
    return sheet


LESSONS: tuple[Callable[[], Sheet], ...] = (grip, cross, big, forever, middle, layout, blessing)
MODULES: tuple[Callable[[], Sheet], ...] = (cross, forever, blessing)
