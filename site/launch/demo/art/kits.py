"""What is in each box, laid out as it is unpacked, 1200 by 900."""

from launch.demo.art import ink, things
from launch.demo.art import palette as p
from launch.demo.art.instrument import ukulele
from launch.demo.art.pen import Pen, Sheet, mix, rounded

W, H = 1200, 900


def _table(tint: str) -> tuple[Sheet, Pen]:
    sheet = Sheet(W, H, tint)
    pen = Pen(sheet)
    pen.dot(600, 450, 430, mix(tint, p.WHITE, 0.5))
    return sheet, pen


def _carton(pen: Pen, x: float, y: float, w: float, h: float) -> None:
    """An open carton from above."""
    for flap in (
        [(x, y), (x + w, y), (x + w - 24, y - 50), (x + 24, y - 50)],
        [(x, y + h), (x + w, y + h), (x + w - 24, y + h + 50), (x + 24, y + h + 50)],
    ):
        pen.shadow(flap, 4, 8, 8, 0.22)
        pen.shape(flap, "#d9b483")
    box = rounded(x, y, w, h, 6)
    pen.shadow(box, 6, 12, 14, 0.28)
    pen.shape(box, "#c79c69")
    pen.box(x + 16, y + 16, w - 32, h - 32, "#a97d4e")
    pen.box(x + 16, y + 16, w - 32, 26, "#8f663d")


def ukulele_kit() -> Sheet:
    sheet, pen = _table("#f3ddc0")
    things.gig_bag(pen.at(255, 460, turn=-9, scale=1.28))
    ukulele(pen.at(700, 70, turn=10, scale=1.42))
    things.tuner(pen.at(955, 270, turn=8, scale=1.35))
    things.string_pack(pen.at(965, 600, turn=-8, scale=1.45))
    return sheet


def coffee_kit() -> Sheet:
    sheet, pen = _table("#dde8e2")
    pen.box(0, 690, W, 210, mix("#dde8e2", p.KOA, 0.35))
    pen.oval(250, 716, 200, 24, p.INK, 0.14)
    things.server(pen.at(250, 715, scale=1.5))
    pen.oval(660, 746, 190, 24, p.INK, 0.14)
    things.dripper(pen.at(660, 746, scale=1.5), "#fbf3e4")
    for k in range(6):
        x = 850 + 7 * k
        pen.shape([(x - 100, 470), (x + 100, 470), (x + 42, 712), (x - 42, 712)], p.WHITE if k % 2 else "#efe2ca")
    things.bag_of_beans(pen.at(1035, 716, scale=1.35))
    spoon = pen.at(500, 826, turn=-4)
    spoon.line([(60, 0), (310, 0)], 13, p.KOA_DARK)
    spoon.oval(28, 0, 48, 30, p.KOA_DARK)
    spoon.oval(28, -3, 36, 20, "#5f3420")
    for n, (x, y) in enumerate(((880, 800), (930, 840), (985, 806), (1050, 836), (1108, 800))):
        things.coffee_bean(pen.at(x, y, turn=n * 53), "#6b3a22", 1)
    return sheet


def calligraphy_kit() -> Sheet:
    sheet, pen = _table("#ead9d0")
    _carton(pen, 90, 120, 470, 640)
    things.inkstone(pen.at(325, 290, scale=1.5))
    things.ink_stick(pen.at(200, 560, turn=-8, scale=1.35))
    bottle = rounded(330, 480, 150, 190, 26)
    pen.shadow(bottle, 5, 8, 7, 0.3)
    pen.shape(bottle, p.INK)
    pen.box(364, 440, 82, 52, p.PERSIMMON, 10)
    pen.box(330, 545, 150, 86, p.CREAM)
    ink.write(pen.at(372, 553), ink.SHI, 68)
    for k in range(4):
        sheet_shape = rounded(660 + 8 * k, 150 + 8 * k, 400, 400, 4)
        pen.shadow(sheet_shape, 3, 5, 5, 0.14)
        pen.shape(sheet_shape, p.PAPER)
    ink.grid(pen.at(704, 194), 360, p.RED)
    ink.write(pen.at(734, 224), ink.YONG, 300)
    for y, turn, size in ((690, -6, 1.25), (790, -3, 0.95)):
        pen.at(650, y, turn=turn).shadow([(0, -6), (500 * size, -9), (500 * size, 9), (0, 6)], 5, 12, 7, 0.28)
        things.brush(pen.at(640, y, turn=turn, scale=size), 400, wet=False)
    return sheet


KITS = {"ukulele": ukulele_kit, "coffee": coffee_kit, "calligraphy": calligraphy_kit}
