"""The pictures of the ukulele course's six modules, 1200 by 800."""

import random

from launch.demo.art import palette as p
from launch.demo.art import things
from launch.demo.art.instrument import ukulele
from launch.demo.art.nature import blossom, cloud, hills, leaf, palm, sprig, waves
from launch.demo.art.pen import Pen, Sheet, arc, mix, rounded, smooth

W, H = 1200, 800


def first_sounds() -> Sheet:
    sheet = Sheet(W, H, "#f6dcb8")
    pen = Pen(sheet)
    pen.dot(310, 420, 330, "#fbead0")
    box = rounded(560, 150, 520, 500, 30)
    pen.shadow(box, 6, 12, 14, 0.2)
    pen.shape(box, p.PAPER)
    things.tuner(pen.at(720, 320, turn=-7, scale=1.35))
    things.string_pack(pen.at(930, 330, turn=9, scale=1.15))
    for k, (name, tone) in enumerate(zip("GCEA", (p.PERSIMMON, p.LEAF, p.TEAL, p.SUN), strict=True)):
        pen.dot(665 + 104 * k, 550, 40, tone)
        pen.text(665 + 104 * k, 548, name, 44, p.WHITE)
    ukulele(pen.at(400, 8, turn=14, scale=1.4))
    sprig(pen.at(1120, 820, turn=14), p.LEAF, 4, 0.9)
    return sheet


def first_songs() -> Sheet:
    sheet = Sheet(W, H, "#4d6d86")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 620), (0, 620)], "#1f3148", "#4d6d86")
    rng = random.Random(12)
    for _ in range(90):
        pen.dot(rng.uniform(0, W), rng.uniform(0, 480), rng.uniform(1, 3.4), "#fdf0cf", rng.uniform(0.4, 0.95))
    pen.dot(930, 190, 96, "#fbe3a8")
    _bite(pen)
    for x, y, r in ((180, 150, 40), (420, 92, 27), (560, 236, 34), (300, 300, 24), (720, 120, 22)):
        star = [
            point
            for k in range(5)
            for point in (
                arc(x, y, r, r, 72 * k - 90, 72 * k - 90, 1)[0],
                arc(x, y, r * 0.5, r * 0.5, 72 * k - 54, 72 * k - 54, 1)[0],
            )
        ]
        pen.shape(star, p.SUN)
        pen.line([(x, y - r - 8), (x, 0)], 2, "#fdf0cf", 0.35)
    hills(pen, W, 600, H, 50, 0.4, "#36566a")
    hills(pen, W, 680, H, 40, 2.4, "#2c4957")
    hills(pen, W, 750, H, 26, 4.2, "#213a45")
    pen.shape([(150, 560), (150, 668), (300, 668), (300, 560), (225, 490)], "#18272f")
    pen.box(200, 586, 50, 50, "#ffd98a", 4)
    ukulele(pen.at(770, 330, turn=32, scale=0.92))
    return sheet


def _bite(pen: Pen) -> None:
    """The night that makes a crescent of the moon, in the very colours of the sky behind it."""
    with pen.inside(arc(968, 166, 84, 84)):
        pen.fade([(0, 0), (W, 0), (W, 620), (0, 620)], "#1f3148", "#4d6d86")


def rhythm() -> Sheet:
    sheet = Sheet(W, H, "#cfe6e6")
    pen = Pen(sheet)
    pen.dot(600, 400, 250, "#fdeccb")
    pen.dot(600, 400, 190, p.SUN)
    for k, tone in enumerate(("#a7d0d2", p.SEA, "#5d9aa3", p.TEAL)):
        waves(pen, W, 430 + 98 * k, H, 24, 1.3 * k, tone)
    for x, stroke in zip(range(170, 1100, 122), "D.DU.UDU", strict=True):
        if stroke == ".":
            pen.ring(x, 380, 13, 6, p.WHITE)
            continue
        arrow = pen.at(x, 380, turn=0 if stroke == "D" else 180)
        colour = p.PERSIMMON if stroke == "D" else p.WHITE
        arrow.line([(0, -120), (0, 60)], 26, colour)
        arrow.shape([(-50, 50), (50, 50), (0, 124)], colour)
    palm(pen.at(60, 840, turn=24), p.LEAF_DARK, 1.15, 150)
    palm(pen.at(1150, 840, turn=-24), p.LEAF, 1.15, 150)
    return sheet


def melody() -> Sheet:
    sheet = Sheet(W, H, "#e3ecd6")
    pen = Pen(sheet)
    pen.dot(850, 300, 260, "#f4f6ea")
    for k in range(4):
        line = smooth([(-20, 330 + 70 * k), (300, 270 + 70 * k), (700, 350 + 64 * k), (1220, 240 + 70 * k)])
        pen.line(line, 4 + (k == 2) * 2, p.KOA_DARK, 0.75)
    spots = (
        (150, 300, 1.2),
        (310, 400, 1.0),
        (455, 310, 1.45),
        (610, 470, 1.1),
        (760, 350, 1.6),
        (930, 450, 1.15),
        (1075, 300, 1.4),
    )
    for n, (x, y, size) in enumerate(spots):
        leaf(pen.at(x, y, turn=30 + n * 61), 100 * size, 44 * size, p.LEAF)
        leaf(pen.at(x, y, turn=205 + n * 47), 94 * size, 42 * size, p.LEAF_DARK)
        blossom(pen.at(x, y, turn=n * 29), 1.15 * size, p.WHITE, p.SUN)
    sprig(pen.at(110, 830, turn=-8), p.LEAF, 4, 0.9)
    sprig(pen.at(1000, 850, turn=10), p.LEAF_DARK, 4, 0.8)
    return sheet


def colours() -> Sheet:
    """A pavilion by the old road at sunset."""
    sheet = Sheet(W, H, "#f3b98b")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 560), (0, 560)], "#d98a78", "#fbdca6")
    pen.dot(420, 430, 130, "#fff0c2")
    cloud(pen.at(900, 150), 0.9, "#f6c9a8", 0.9)
    cloud(pen.at(250, 200), 0.6, "#f6c9a8", 0.9)
    for k, tone in enumerate(("#b98394", "#8c6d86", "#5f5d78", "#424f62")):
        hills(pen, W, 470 + 82 * k, H, 80 - 15 * k, 0.9 + 1.7 * k, tone)
    pen.shape(
        smooth([(560, 810), (640, 740), (540, 700), (610, 655), (600, 650), (580, 656), (480, 700), (520, 744), (330, 810)]),
        "#e7bd93",
    )
    for x in (830, 1010):
        pen.box(x - 8, 530, 16, 170, p.WALNUT)
    pen.box(790, 690, 260, 18, "#2f3a48")
    pen.shape(
        smooth([(740, 536), (830, 506), (920, 440), (1010, 506), (1100, 536), (1010, 530), (920, 528), (830, 530)], closed=True),
        "#2f3a48",
    )
    pen.dot(920, 432, 11, p.PERSIMMON)
    for x, y in ((560, 190), (610, 168), (660, 196), (512, 222)):
        pen.stroke([(x - 22, y - 8), (x - 9, y - 13), (x, y)], [1, 5, 3], p.NIGHT)
        pen.stroke([(x, y), (x + 9, y - 13), (x + 22, y - 8)], [3, 5, 1], p.NIGHT)
    for x in (60, 130, 1110, 1165):
        for n in range(5):
            pen.stroke([(x + 9 * n, 820), (x + 14 * n - 20, 700), (x + 26 * n - 50, 610 + 12 * n)], [5, 4, 1], "#2f3a48")
    return sheet


def stage() -> Sheet:
    sheet = Sheet(W, H, "#3b2a3d")
    pen = Pen(sheet)
    pen.fade([(0, 0), (W, 0), (W, 642), (0, 642)], "#4a2f3f", "#7a4343")
    for side in (0, 1):
        for k in range(6):
            x = k * 44 if not side else W - 44 - k * 44
            drop = 640 - k * 30
            pen.shape(
                smooth([(x, -10), (x - 4, drop * 0.5), (x + 4, drop), (x + 44, drop - 12), (x + 40, drop * 0.5), (x + 48, -10)]),
                p.EMBER if k % 2 else mix(p.EMBER, p.INK, 0.22),
            )
    pen.shape([(560, -10), (640, -10), (900, 690), (300, 690)], "#ffe7b4", 0.3)
    pen.shape([(0, 640), (W, 640), (W, H), (0, H)], "#8a5636")
    for x in range(-300, 1600, 120):
        pen.line([(600 + (x - 600) * 0.8, 640), (600 + (x - 600) * 1.4, 800)], 3, p.WALNUT, 0.5)
    pen.oval(600, 700, 320, 56, "#ffe2a6", 0.75)
    for x in (505, 690):
        pen.line([(x, 520), (x + (-18 if x < 600 else 18), 716)], 15, p.KOA_LIGHT)
    pen.line([(520, 520), (515, 690)], 12, p.KOA)
    pen.line([(676, 520), (682, 690)], 12, p.KOA)
    pen.oval(600, 520, 130, 27, p.KOA)
    pen.oval(600, 513, 130, 25, p.KOA_LIGHT)
    ukulele(pen.at(650, 40, turn=9, scale=0.92))
    for k, x in enumerate(range(60, 1200, 134)):
        pen.dot(x, 800 - (k % 2) * 14, 52, "#241a29")
        pen.box(x - 74, 836 - (k % 2) * 14, 148, 60, "#241a29", 40)
    return sheet


UKULELE_MODULES = (first_sounds, first_songs, rhythm, melody, colours, stage)
