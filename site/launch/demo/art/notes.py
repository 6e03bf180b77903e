"""Pictures of the members' notes, 900 by 1100."""

import random

from launch.demo.art import ink, things
from launch.demo.art import palette as p
from launch.demo.art.instrument import ukulele
from launch.demo.art.nature import cloud, hills, sprig, steam
from launch.demo.art.pen import Pen, Sheet, mix, rounded, smooth

W, H = 900, 1100


def balcony() -> Sheet:
    sheet = Sheet(W, H, "#cfe4e6")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 700), (0, 700)], "#bfdde2", "#fbe6c4")
    cloud(pen.at(250, 170), 0.8, p.WHITE, 0.9)
    rng = random.Random(3)
    for x in range(-20, 920, 92):
        top = rng.uniform(330, 520)
        tone = rng.choice(("#e9c7a2", "#d9d3bd", "#c7d3cc", "#f0d9bc"))
        pen.box(x, top, 96, 500, tone)
        for wy in range(int(top) + 26, 760, 52):
            for wx in (20, 56):
                pen.box(x + wx, wy, 20, 27, mix(tone, p.TEAL, 0.35), 3)
    pen.box(0, 690, W, 22, p.WALNUT, 8)
    for x in range(20, 900, 58):
        pen.box(x, 705, 9, 190, p.WALNUT)
    pen.box(0, 880, W, 220, "#d9b996")
    for y in (930, 990, 1050):
        pen.line([(0, y), (W, y)], 3, p.KOA_DARK, 0.35)
    pen.box(300, 832, 330, 26, p.KOA, 8)
    for x in (322, 582):
        pen.box(x, 855, 24, 180, p.KOA_DARK)
    ukulele(pen.at(500, 310, turn=8, scale=1.0))
    cat(pen.at(740, 985), "#59493f")
    sprig(pen.at(90, 1000, turn=-6), p.LEAF, 5, 0.9)
    pen.shape([(20, 960), (170, 960), (150, 1090), (40, 1090)], p.PERSIMMON)
    return sheet


def cat(pen: Pen, colour: str) -> None:
    """A cat that sits with its back to us; its feet on y = 60."""
    pen.stroke([(56, 44), (118, 40), (140, -6), (118, -40)], [24, 22, 18, 12], colour)
    pen.blob([(-62, 56), (-66, -20), (-34, -92), (34, -92), (66, -20), (62, 56), (0, 66)], colour)
    pen.oval(0, -118, 50, 44, colour)
    for side in (-1, 1):
        pen.shape([(side * 48, -128), (side * 44, -184), (side * 10, -152)], colour)
    pen.blob([(10, 60), (40, -80), (58, -20), (60, 52)], p.INK, 0.2)


def morning() -> Sheet:
    sheet = Sheet(W, H, "#2f465a")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 760), (0, 760)], "#5d7f96", "#f9c98f")
    pen.dot(640, 610, 92, "#fff0c6")
    hills(pen, W, 660, 900, 40, 1.4, "#6f7f8a")
    pen.box(60, 590, 330, 180, p.LEAF, 26)
    pen.box(60, 590, 330, 30, p.WHITE, 14)
    for x in (84, 184, 284):
        pen.box(x, 632, 82, 62, "#d6ecec", 8)
    for x in (136, 316):
        pen.dot(x, 768, 32, p.INK)
        pen.dot(x, 768, 13, p.SAND)
    pen.box(378, 640, 18, 22, p.SUN, 5)
    pen.box(0, 0, 44, 830, p.CREAM)
    pen.box(W - 44, 0, 44, 830, p.CREAM)
    pen.box(0, 0, W, 44, p.CREAM)
    pen.box(444, 0, 16, 830, p.CREAM)
    pen.fade([(0, 810), (W, 810), (W, H), (0, H)], p.KOA_LIGHT, p.KOA_DARK)
    pen.oval(500, 1020, 330, 32, p.WALNUT, 0.4)
    box = rounded(270, 900, 380, 112, 26)
    pen.shape(box, "#c9d3d6")
    pen.box(270, 900, 380, 40, "#e4ebec", 20)
    pen.box(440, 912, 42, 30, p.SLATE, 8)
    things.dripper(pen.at(460, 902, scale=1.35))
    steam(pen.at(460, 630, scale=1.1), 1.1, p.WHITE, 0.8)
    things.cup(pen.at(745, 1030, scale=0.95), "#f2d3b8")
    steam(pen.at(745, 890), 0.7, p.WHITE, 0.7)
    return sheet


def fu() -> Sheet:
    sheet = Sheet(W, H, "#b8573d")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, H), (0, H)], "#7c4a36", "#643827")
    for x in (20, 460):
        pen.shape(rounded(x, 20, 420, 1100, 8), "#8a5540")
        pen.box(x + 30, 60, 360, 180, "#774533", 10)
        pen.box(x + 30, 860, 360, 200, "#774533", 10)
    pen.box(440, 0, 20, H, "#4a281c")
    for x in (400, 500):
        pen.ring(x, 820, 34, 9, p.SUN)
        pen.dot(x, 786, 13, p.SUN)
    diamond = [(450, 190), (790, 530), (450, 870), (110, 530)]
    pen.shadow(diamond, 8, 14, 14, 0.45)
    pen.shape(diamond, p.RED)
    pen.shape([(450, 530), (790, 530), (450, 870), (110, 530)], p.EMBER, 0.35)
    inset = [(450, 222), (758, 530), (450, 838), (142, 530)]
    pen.line([*inset, inset[0]], 5, p.SUN)
    ink.write(pen.at(296, 366), ink.FU, 318, "#241a18")
    for x in (110, 790):
        pen.line([(x, 0), (x, 90)], 4, p.SUN)
        pen.oval(x, 150, 66, 60, p.PERSIMMON)
        for k in (-1, 0, 1):
            pen.ring(x, 150, 1, 3, p.EMBER)
            pen.line(smooth([(x + 26 * k, 92), (x + 44 * k, 150), (x + 26 * k, 208)]), 3, p.EMBER, 0.7)
        pen.box(x - 26, 84, 52, 14, p.SUN, 4)
        pen.box(x - 26, 204, 52, 14, p.SUN, 4)
        for k in range(-2, 3):
            pen.line([(x + 8 * k, 218), (x + 9 * k, 276)], 4, p.SUN)
    return sheet


def night() -> Sheet:
    sheet = Sheet(W, H, "#223349")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, H), (0, H)], "#1d2c40", "#3e5168")
    window = rounded(200, 100, 500, 560, 250)
    pen.shape(rounded(180, 80, 540, 600, 268), "#56687d")
    with pen.inside(window):
        pen.fade([(200, 100), (700, 100), (700, 660), (200, 660)], "#f6c48f", "#fbe7bd")
        pen.dot(540, 300, 74, "#fff6dc")
        hills(pen, W, 560, 700, 40, 1.1, "#d99f7c")
        hills(pen, W, 620, 700, 30, 3.0, "#b57b66")
    pen.box(442, 84, 16, 590, "#56687d")
    for side in (0, 1):
        for k in range(4):
            x = 90 + 46 * k if not side else 770 - 46 * k
            pen.shape(
                smooth([(x - 30, 40), (x - 24, 400), (x - 30, 800), (x + 30, 800), (x + 22, 400), (x + 28, 40)]),
                "#7d93a6" if k % 2 else "#6a8195",
            )
    pen.box(40, 30, 820, 22, p.KOA, 10)
    pen.shape(rounded(-60, 860, 1020, 320, 60), "#d8cfc0")
    pen.shape(smooth([(-40, 940), (200, 900), (500, 930), (960, 880), (980, 1140), (-40, 1140)]), "#8fa7ad")
    pen.shape(smooth([(-40, 1010), (240, 960), (560, 1000), (960, 950), (980, 1140), (-40, 1140)]), "#7d979e")
    pen.shape(rounded(50, 820, 300, 120, 56), p.PAPER)
    ukulele(pen.at(812, 786, turn=72, scale=1.0), shadow=0.4)
    return sheet


NOTES = {"balcony": balcony, "morning": morning, "fu": fu, "night": night}
