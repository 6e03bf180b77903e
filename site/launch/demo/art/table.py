"""Pictures of the coffee course: its modules and its seven lessons, 1000 by 700."""

import random
from collections.abc import Callable

from launch.demo.art import palette as p
from launch.demo.art import things
from launch.demo.art.nature import blossom, leaf, steam
from launch.demo.art.pen import Pen, Sheet, arc, mix, rounded, smooth

W, H = 1000, 700
ROASTS = ("#c9a878", "#a9743f", "#7c4a28", "#57311d", "#33201a")


def _page(tint: str, table: bool = True) -> tuple[Sheet, Pen]:
    sheet = Sheet(W, H, tint)
    pen = Pen(sheet)
    pen.dot(500, 340, 300, mix(tint, p.WHITE, 0.5))
    if table:
        pen.box(0, 580, W, 120, mix(tint, p.KOA, 0.55))
        pen.box(0, 580, W, 10, mix(tint, p.KOA_DARK, 0.5))
    return sheet, pen


def first_cup() -> Sheet:
    """Dripper, paper and server, taken apart along one line."""
    sheet, pen = _page("#e4ebe3")
    pen.oval(500, 606, 170, 16, p.KOA_DARK, 0.4)
    things.server(pen.at(500, 604, scale=1.05))
    things.dripper(pen.at(500, 370), "#fbf3e4")
    pen.shape([(385, 60), (615, 60), (530, 168), (470, 168)], p.WHITE)
    pen.shape([(615, 60), (530, 168), (500, 168), (548, 60)], p.SAND)
    things.cup(pen.at(190, 620, scale=0.9), "#f2d3b8")
    steam(pen.at(190, 490), 0.7, p.WHITE, 0.9)
    return sheet


def cherry_to_bean() -> Sheet:
    sheet, pen = _page("#e7ecd6", table=False)
    pen.stroke([(40, 130), (260, 190), (520, 150), (960, 210)], [14, 12, 10, 5], p.KOA_DARK)
    for n, x in enumerate(range(110, 900, 130)):
        leaf(pen.at(x, 166, turn=-60 + 20 * (n % 3)), 130, 56, p.LEAF)
        leaf(pen.at(x, 172, turn=60 - 14 * (n % 3)), 130, 56, p.LEAF_DARK)
        for dx, dy in ((34, 42), (70, 26), (56, 70)):
            pen.dot(x + dx, 170 + dy, 27, p.RED if (n + dx) % 4 else p.SUN)
            pen.oval(x + dx - 8, 162 + dy, 7, 5, p.WHITE, 0.7)
    blossom(pen.at(500, 130), 1, p.WHITE, p.SUN)
    pen.box(70, 420, 860, 190, p.WHITE, 34)
    for k, tone in enumerate(ROASTS):
        things.coffee_bean(pen.at(160 + 170 * k, 500, turn=-30), tone, 2)
        pen.box(90 + 170 * k, 576, 140, 14, tone, 7)
    return sheet


def grinds() -> Sheet:
    """Three heaps: fine as sugar, like coarse salt, like cracked pepper."""
    sheet, pen = _page("#efe3d2")
    rng = random.Random(3)
    for k, (grain, tone) in enumerate(((2.4, p.TEAL), (6, p.LEAF), (12, p.PERSIMMON))):
        x = 190 + 310 * k
        pen.oval(x, 560, 140, 22, p.KOA_DARK, 0.35)
        pen.shape(smooth([(x - 128, 560), (x - 60, 470), (x, 410), (x + 60, 470), (x + 128, 560), (x, 574)]), "#5f3420")
        for _ in range(int(1500 / grain)):
            u, v = rng.uniform(-1, 1), rng.random()
            pen.dot(
                x + u * 118 * (1 - v * 0.85),
                560 - v * 135,
                grain * rng.uniform(0.7, 1.1),
                rng.choice(("#7a4a2d", "#4a2717", "#8d5b38")),
            )
        for _ in range(16):
            pen.dot(x + rng.uniform(-150, 150), 578 + rng.uniform(-6, 16), grain * 0.8, "#5f3420")
        pen.dot(x, 250, 92, p.WHITE)
        pen.ring(x, 250, 92, 9, tone)
        for _ in range(int(130 / grain)):
            dx, dy = rng.uniform(-58, 58), rng.uniform(-58, 58)
            pen.dot(x + dx, 250 + dy, grain * 1.5, rng.choice(("#7a4a2d", "#4a2717")))
    return sheet


def spiral() -> Sheet:
    sheet, pen = _page("#dfe9e6", table=False)
    pen.dot(340, 330, 262, p.WHITE)
    pen.dot(340, 330, 232, "#7a4a2d")
    pen.dot(340, 330, 214, "#5f3420")
    path = [arc(340, 330, 12 + 1.05 * t, 12 + 1.05 * t, 5.6 * t, 5.6 * t + 1, 1)[0] for t in range(0, 168, 2)]
    pen.line(smooth(path, steps=4), 12, "#f3d9b0")
    pen.dot(340, 330, 15, p.PERSIMMON)
    pen.stroke([(592, 150), (574, 200), (570, 290)], [7, 9, 10], p.SEA)
    things.kettle(pen.at(776, 300, scale=0.8), p.PERSIMMON)
    for k, (mark, grams) in enumerate(((0, 30), (30, 100), (60, 170), (90, 225))):
        x = 96 + 216 * k
        pen.box(x, 628, 196, 26, mix(p.SEA, p.TEAL, k / 3), 13)
        pen.text(x + 6, 674, f"{mark}s", 25, p.SLATE, "lm")
        pen.text(x + 190, 674, f"{grams}g", 25, p.INK, "rm")
    return sheet


def taste_map() -> Sheet:
    sheet, pen = _page("#f3e2d3", table=False)
    card = rounded(90, 50, 820, 600, 34)
    pen.shadow(card, 0, 10, 14, 0.18)
    pen.shape(card, p.WHITE)
    for x, y, tone in ((150, 100, "#f7dfae"), (505, 100, "#efb08c"), (150, 355, "#d6e6dd"), (505, 355, "#b9cbbd")):
        pen.box(x, y, 345, 245, tone, 18)
    pen.line([(500, 90), (500, 612)], 5, p.INK)
    pen.line([(140, 350), (860, 350)], 5, p.INK)
    for x, words in ((180, "1:17"), (820, "1:15")):
        pen.text(x, 322, words, 30, p.INK)
    pen.text(556, 122, "94°C", 30, p.INK)
    pen.text(556, 584, "84°C", 30, p.INK)
    pen.dot(548, 322, 62, p.PERSIMMON, 0.28)
    things.cup(pen.at(548, 366, scale=0.5), "#f6f1e6")
    for x, y, s in ((250, 222, 0.36), (740, 222, 0.36), (250, 490, 0.36), (740, 490, 0.36)):
        things.cup(pen.at(x, y + 26, scale=s), "#f6f1e6", mix("#b07a4a", "#33201a", (x - 200) / 600))
    return sheet


def diagnosis() -> Sheet:
    """A cup in the middle: sour asks for finer, bitter for coarser."""
    sheet, pen = _page("#e6e4ee", table=False)
    things.cup(pen.at(500, 470, scale=1.5), "#f6f1e6")
    steam(pen.at(500, 250), 0.9, p.WHITE, 0.95)
    rng = random.Random(8)
    for x, tone, grain, toward in ((170, p.SUN, 3.2, 1), (830, "#6b3a22", 9, -1)):
        pen.dot(x, 210, 92, p.WHITE)
        if toward > 0:
            pen.dot(x, 210, 62, p.SUN)
            pen.dot(x, 210, 52, "#fbe7b4")
            for turn in range(0, 360, 45):
                pen.at(x, 210, turn=turn).shape([(6, -3), (46, -15), (46, 9)], "#f0b64e")
        else:
            things.coffee_bean(pen.at(x, 210, turn=-30), "#33201a", 2)
        pen.line([(x + toward * 30, 330), (x + toward * 60, 430)], 13, tone)
        pen.shape([(x + toward * 30, 424), (x + toward * 92, 412), (x + toward * 68, 472)], tone)
        cx = x + toward * 70
        pen.dot(cx, 560, 82, p.WHITE)
        for _ in range(int(190 / grain)):
            pen.dot(cx + rng.uniform(-50, 50), 560 + rng.uniform(-50, 50), grain, rng.choice(("#7a4a2d", "#4a2717")))
    return sheet


def brew_card() -> Sheet:
    sheet, pen = _page("#efe0cc")
    card = pen.at(270, 300, turn=-6)
    shape = rounded(-190, -220, 380, 430, 18)
    card.shadow(shape, 5, 10, 10, 0.22)
    card.shape(shape, p.WHITE)
    things.coffee_bean(card.at(-130, -160, turn=-30), "#6b3a22", 1.2)
    card.box(-80, -172, 210, 20, p.PERSIMMON, 8)
    for k, words in enumerate(("15 g", "225 g", "92 °C", "2:35")):
        y = -90 + 68 * k
        card.text(-150, y, words, 38, p.INK, "lm")
        card.line([(-10, y + 14), (150, y + 14)], 3, p.SAND)
        card.stroke([(0, y), (40, y - 10), (70, y + 6), (130, y - 4)], [2, 5, 4, 1], p.SLATE, 0.7)
    for x, tone, y in ((610, "#f2d3b8", 620), (840, "#cfe0dc", 640)):
        things.cup(pen.at(x, y), tone)
        steam(pen.at(x, y - 150), 0.9, p.WHITE, 0.9)
    return sheet


def pour() -> Sheet:
    sheet, pen = _page("#d9e8e6")
    things.server(pen.at(390, 606, scale=1.05))
    things.dripper(pen.at(390, 392, scale=1.05), "#fbf3e4")
    pen.stroke([(434, 50), (410, 96), (404, 206)], [7, 8, 9], p.SEA)
    things.kettle(pen.at(630, 212, scale=0.86), p.TEAL)
    steam(pen.at(330, 190), 0.7, p.WHITE, 0.9)
    return sheet


def two_cups() -> Sheet:
    sheet, pen = _page("#f4dcc6")
    things.potted_plant(pen.at(820, 590), p.TEAL)
    for x, tone, y in ((280, "#f6f1e6", 640), (560, "#cfe0dc", 660)):
        things.cup(pen.at(x, y, scale=1.3), tone)
        steam(pen.at(x, y - 195), 1.1, p.WHITE, 0.95)
    return sheet


LESSONS: tuple[Callable[[], Sheet], ...] = (first_cup, cherry_to_bean, grinds, spiral, taste_map, diagnosis, brew_card)
MODULES: tuple[Callable[[], Sheet], ...] = (cherry_to_bean, pour, two_cups)
