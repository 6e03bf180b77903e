"""The courses' covers and the picture on the home page, 1600 by 1000."""

import random

from launch.demo.art import ink, things
from launch.demo.art import palette as p
from launch.demo.art.instrument import ukulele
from launch.demo.art.nature import blossom, cloud, hills, leaf, palm, sprig, steam, waves
from launch.demo.art.pen import Pen, Sheet, arc, mix, rounded, smooth

W, H = 1600, 1000


def ukulele_cover() -> Sheet:
    sheet = Sheet(W, H, "#fbe3c2")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 700), (0, 700)], "#f9d9ae", "#fdf0dc")
    for r, alpha in ((470, 0.22), (390, 0.3), (310, 1)):
        pen.dot(980, 460, r, p.SUN if r > 310 else "#f3a565", alpha)
    cloud(pen.at(330, 210), 1.15, p.WHITE, 0.85)
    cloud(pen.at(1390, 150), 0.8, p.WHITE, 0.85)
    hills(pen, W, 650, H, 60, 1.2, "#b9cfae")
    waves(pen, W, 690, H, 9, 0.2, "#a9d0d2")
    for k in range(5):
        pen.line([(820 + 22 * k, 716 + 17 * k), (1160 - 40 * k, 716 + 17 * k)], 6, "#fbdcae", 0.8)
    waves(pen, W, 770, H, 13, 1.7, p.SEA)
    waves(pen, W, 850, H, 15, 3.1, "#5d9aa3")
    pen.shape(smooth([(-40, 930), (300, 880), (800, 910), (1250, 868), (1660, 900), (1660, 1060), (-40, 1060)]), "#f0d9b2")
    palm(pen.at(150, 1010, turn=12), p.LEAF, 1.35, 190)
    palm(pen.at(1500, 1030, turn=-14), p.LEAF_DARK, 1.5, 180)
    _music(pen)
    ukulele(pen.at(1130, 78, turn=26, scale=1.72))
    for x, y, size in ((232, 812, 1.25), (330, 890, 0.9), (1350, 900, 1.1)):
        blossom(pen.at(x, y, turn=x), size, p.WHITE, p.SUN)
    return sheet


def _music(pen: Pen) -> None:
    """Four strings of air that carry the notes away from the sound hole."""
    for k in range(4):
        path = smooth([(60, 300 + 34 * k), (240, 380 + 26 * k), (430, 330 + 30 * k), (640, 430 + 22 * k), (830, 560)])
        pen.line(path, 3.5, p.EMBER, 0.55)
    for x, y, turn in ((190, 352, -6), (372, 352, 8), (520, 420, -4), (640, 470, 6)):
        note = pen.at(x, y, turn=turn)
        note.at(0, 0, turn=-20).oval(0, 0, 25, 18, p.INK)
        note.line([(22, -4), (22, -92)], 6, p.INK)
        note.stroke([(22, -92), (44, -70), (52, -40)], [16, 10, 1], p.INK)


def coffee_cover() -> Sheet:
    sheet = Sheet(W, H, "#dfe9e4")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 760), (0, 760)], "#dce8e4", "#f3ead9")
    window = rounded(860, -80, 640, 700, 30)
    pen.shape(window, p.WHITE)
    view = rounded(884, -80, 592, 676, 16)
    with pen.inside(view):
        pen.fade([(860, -80), (1500, -80), (1500, 620), (860, 620)], "#ffe9bf", "#fbd3a4")
        pen.dot(1290, 260, 96, "#fff4d6")
        hills(pen, W, 440, 700, 50, 0.3, "#c9d7b4")
        hills(pen, W, 510, 700, 46, 2.2, p.LEAF_LIGHT)
        hills(pen, W, 575, 700, 30, 4.1, p.LEAF)
    pen.box(1172, -80, 18, 690, p.WHITE)
    pen.box(870, 250, 620, 16, p.WHITE)
    pen.box(840, 606, 680, 30, p.CREAM, 8)
    pen.shape([(884, 640), (1476, 640), (760, 1000), (20, 1000)], "#fff3d4", 0.6)
    pen.fade([(0, 740), (W, 740), (W, H), (0, H)], p.KOA_LIGHT, p.KOA)
    pen.shape([(700, 740), (1430, 740), (1080, 1000), (180, 1000)], "#ffe2ae", 0.4)
    for y, x in ((806, 200), (880, 700), (948, 380)):
        pen.stroke([(x, y), (x + 280, y + 6), (x + 600, y - 4)], [1, 5, 1], p.KOA_DARK, 0.35)
    things.potted_plant(pen.at(1390, 610, scale=1.05), p.PERSIMMON)
    things.bag_of_beans(pen.at(250, 830, scale=1.25))
    pen.oval(600, 872, 250, 26, p.KOA_DARK, 0.45)
    things.server(pen.at(600, 870, scale=1.55))
    things.dripper(pen.at(600, 552, scale=1.4))
    steam(pen.at(600, 266, scale=1.15), 1, p.WHITE, 0.85)
    pen.oval(1040, 902, 190, 22, p.KOA_DARK, 0.4)
    things.cup(pen.at(1040, 900, scale=1.3), "#f6f1e6")
    steam(pen.at(1040, 708), 0.8, p.WHITE, 0.8)
    for n, (x, y) in enumerate(((330, 900), (392, 930), (290, 950), (1290, 920), (1345, 886))):
        things.coffee_bean(pen.at(x, y, turn=n * 47), "#5f3420", 1)
    return sheet


def calligraphy_cover() -> Sheet:
    sheet = Sheet(W, H, "#e9dcc4")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, H), (0, H)], "#c9855a", "#b06a44")
    rng = random.Random(9)
    for k in range(26):
        y = k * 40 + rng.uniform(-10, 10)
        pen.stroke([(0, y), (600, y + rng.uniform(-9, 9)), (1600, y)], [2, rng.uniform(2, 7), 2], p.KOA_DARK, 0.16)
    mat = rounded(330, 70, 940, 880, 14)
    pen.shadow(mat, 8, 14, 16, 0.35)
    pen.shape(mat, "#3f5b57")
    paper = [(430, 30), (1170, 44), (1158, 965), (420, 955)]
    pen.shadow(paper, 5, 9, 9, 0.28)
    pen.shape(paper, p.PAPER)
    for _ in range(260):
        x, y, turn = rng.uniform(435, 1150), rng.uniform(50, 945), rng.uniform(0, 180)
        pen.at(x, y, turn=turn).line([(0, 0), (rng.uniform(4, 16), 1)], 1.2, p.KOA, 0.16)
    pen.stroke(arc(795, 470, 292, 286, -80, 238, 28), [12, 44, 58, 50, 34, 22, 12, 3], p.INK, 0.13)
    ink.write(pen.at(535, 205), ink.YONG, 520)
    ink.seal(pen.at(1050, 810), 66)
    things.inkstone(pen.at(190, 250, turn=-8, scale=1.25))
    things.ink_stick(pen.at(150, 560, turn=14, scale=1.2))
    shadow = pen.at(1098, 742, turn=-57)
    shadow.shadow([(0, -8), (100, -16), (440, -9), (440, 9), (100, 16), (0, 8)], 12, 16, 9, 0.35)
    things.brush(pen.at(1090, 735, turn=-57, scale=1.5), 400)
    branch = smooth([(1640, 620), (1500, 700), (1420, 830), (1300, 905)])
    pen.stroke(branch[::14], [26, 20, 12, 5], p.WALNUT)
    pen.stroke([(1500, 700), (1560, 820), (1530, 930)], [13, 9, 3], p.WALNUT)
    for x, y, size in ((1330, 890, 1), (1420, 820, 1.35), (1495, 735, 1.1), (1545, 870, 1.3), (1580, 660, 1.2), (1460, 905, 0.9)):
        blossom(pen.at(x, y, turn=y), size, "#f6c6bb", p.EMBER)
    return sheet


def home_hero() -> Sheet:
    """A courtyard with a moon gate: an instrument on the bench, coffee on the stool, writing on the wall."""
    sheet = Sheet(W, H, p.PAPER)
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 420), (0, 420)], "#cfe4e6", "#f7ead2")
    cloud(pen.at(240, 90), 0.8, p.WHITE, 0.9)
    cloud(pen.at(1180, 70), 0.62, p.WHITE, 0.9)
    pen.box(0, 205, W, 640, p.PAPER)
    pen.fade([(0, 700), (W, 700), (W, 845), (0, 845)], p.PAPER, "#efe2c9")
    _roof(pen)
    gate = arc(800, 545, 300, 300)
    pen.shape(arc(800, 545, 328, 328), "#b9a88c")
    with pen.inside(gate):
        pen.fade([(480, 220), (1120, 220), (1120, 860), (480, 860)], "#ffe3b0", "#fdf3de")
        pen.dot(905, 430, 84, p.PERSIMMON)
        hills(pen, W, 600, 900, 70, 0.6, "#bcd2b4")
        hills(pen, W, 660, 900, 55, 2.6, p.LEAF_LIGHT)
        waves(pen, W, 735, 900, 7, 0.4, p.SEA)
    pen.fade([(0, 840), (W, 840), (W, H), (0, H)], "#d9c7a6", "#c9b48e")
    for x in range(-100, 1800, 190):
        pen.line([(800 + (x - 800) * 0.85, 842), (800 + (x - 800) * 1.3, 1000)], 3, "#b9a37b", 0.6)
    for y in (872, 922):
        pen.line([(0, y), (W, y)], 3, "#b9a37b", 0.6)
    _tree(pen)
    _scroll(pen.at(-60, -6))
    _bench(pen)
    return sheet


def _roof(pen: Pen) -> None:
    pen.box(0, 150, W, 62, "#58707a")
    for x in range(-20, W + 40, 46):
        pen.box(x, 118, 36, 96, "#4b626c", 16)
        pen.box(x + 5, 122, 9, 84, "#7d959d", 4)
        pen.dot(x + 18, 214, 19, "#3c515b")
        pen.dot(x + 18, 214, 9, "#7d959d")
    pen.box(-10, 92, W + 20, 36, "#3c515b", 14)
    pen.fade([(0, 234), (W, 234), (W, 262), (0, 262)], "#dccfb6", p.PAPER)


def _tree(pen: Pen) -> None:
    """A persimmon tree on the left."""
    pen.stroke([(150, 900), (170, 700), (120, 520), (190, 330), (160, 160)], [64, 46, 38, 30, 12], "#6d4a38")
    for path in ([(135, 560), (250, 440), (360, 390)], [(180, 380), (90, 270), (20, 240)], [(185, 330), (300, 230), (420, 220)]):
        pen.stroke(path, [24, 14, 5], "#6d4a38")
    rng = random.Random(4)
    for cx, cy, r in ((360, 350, 110), (400, 200, 120), (190, 130, 150), (30, 220, 120), (300, 90, 110), (60, 380, 80)):
        for _ in range(26):
            x, y = cx + rng.uniform(-r, r), cy + rng.uniform(-r * 0.6, r * 0.6)
            shade = rng.choice((p.LEAF, p.LEAF_DARK, "#7fa86b"))
            leaf(pen.at(x, y, turn=rng.uniform(0, 360)), rng.uniform(58, 88), 34, shade)
    for x, y in ((330, 380), (420, 300), (250, 210), (100, 300), (380, 170), (180, 60), (40, 200), (480, 230)):
        pen.dot(x, y, 29, p.PERSIMMON)
        pen.oval(x - 9, y - 9, 8, 6, "#f6b184")
        for turn in (0, 90, 180, 270):
            leaf(pen.at(x, y - 22, turn=turn + 45), 17, 12, p.LEAF_DARK)


def _scroll(pen: Pen) -> None:
    paper = [(1270, 330), (1450, 330), (1450, 650), (1270, 650)]
    pen.shadow(paper, 5, 8, 7, 0.2)
    pen.shape(paper, "#e7d3ae")
    pen.box(1288, 352, 144, 276, p.WHITE)
    pen.box(1256, 318, 208, 16, p.WALNUT, 8)
    pen.box(1256, 646, 208, 16, p.WALNUT, 8)
    pen.line([(1290, 318), (1360, 272), (1430, 318)], 3, p.WALNUT)
    ink.write(pen.at(1300, 372), ink.YONG, 122)
    ink.seal(pen.at(1386, 574), 34)


def _bench(pen: Pen) -> None:
    for x in (900, 1180):
        pen.box(x, 846, 30, 110, p.KOA_DARK)
    pen.box(850, 812, 430, 40, p.KOA, 8)
    pen.box(850, 838, 430, 14, p.KOA_DARK, 6)
    ukulele(pen.at(1100, 358, turn=14, scale=0.86), p.PERSIMMON)
    things.cup(pen.at(1200, 814, scale=0.62))
    steam(pen.at(1200, 724), 0.5, p.SLATE, 0.4)
    things.potted_plant(pen.at(1505, 940, scale=1.12), p.TEAL)
    sprig(pen.at(60, 985, turn=10), mix(p.LEAF, p.SUN, 0.2), 4, 0.8)
