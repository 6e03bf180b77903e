"""The soprano ukulele, in millimetres: 530 long, its nut at 115, its bridge at 460; x is across."""

import random

from launch.demo.art import palette as p
from launch.demo.art.pen import Pen, Point, arc, mix, rounded, smooth

NUT, SADDLE, JOINT = 115, 460, 288
HALF_BODY = (
    (0, 287), (22, 288), (44, 297), (57, 320), (56, 346), (50, 371), (55, 397), (71, 423),
    (82, 455), (78, 488), (60, 514), (32, 528), (0, 531),
)  # fmt: skip
HALF_HEAD = ((17.5, 112), (19, 98), (25, 84), (27, 50), (24.5, 22), (27, 8), (14, 4), (0, 9))


def fret_at(number: int) -> float:
    """Where a fret lies: each divides the rest of the string by the twelfth root of two."""
    return SADDLE - (SADDLE - NUT) / 2 ** (number / 12)


def mirrored(half: tuple[Point, ...], grow: float = 0) -> list[Point]:
    right = [(x + grow * (1 if x else 0), y) for x, y in half]
    return smooth([*right, *((-x, y) for x, y in reversed(right) if x)], closed=True)


def ukulele(pen: Pen, wood: str = p.KOA, *, shadow: float = 0.28, pegs: bool = True) -> None:
    body = mirrored(HALF_BODY)
    if shadow:
        for part in (body, _neck(), mirrored(HALF_HEAD)):
            pen.shadow(part, 10 * pen.unit / 6, 14 * pen.unit / 6, 9 * pen.unit / 5, shadow)
    _head(pen, wood, pegs)
    _body(pen, body, wood)
    _fretboard(pen)
    _bridge(pen)
    for index in range(4):
        top, bottom = -12 + 8 * index, -18 + 12 * index
        thick = (0.9, 1.4, 1.15, 0.85)[index]
        pen.line([(top + 0.8, NUT), (bottom + 0.8, SADDLE)], thick, p.WALNUT, 0.35)
        pen.line([(top, NUT - 2), (bottom, SADDLE)], thick, "#fff6e2")


def _neck() -> list[Point]:
    return [(-17.5, 108), (17.5, 108), (20, 340), (-20, 340)]


def _body(pen: Pen, body: list[Point], wood: str) -> None:
    dark, light = mix(wood, p.WALNUT, 0.45), mix(wood, "#ffd9a0", 0.45)
    pen.shape(body, dark)
    top = [(x * 0.965, 409 + (y - 409) * 0.975) for x, y in body]
    with pen.inside(top):
        pen.fade(body, mix(wood, light, 0.55), wood)
        _grain(pen, dark, light)
        pen.blob([(-95, 260), (-30, 270), (-46, 350), (-30, 400), (-62, 450), (-40, 545), (-100, 540)], light, 0.32)
        pen.blob([(95, 280), (50, 300), (62, 345), (52, 380), (74, 430), (66, 500), (20, 540), (100, 545)], dark, 0.22)
    edge = [(x * 0.93, 409 + (y - 409) * 0.95) for x, y in body]
    pen.line([*edge, edge[0]], 1.6, p.CREAM, 0.85)
    pen.dot(0, 371, 31, p.WALNUT, 0.9)
    pen.ring(0, 371, 30.5, 2, p.CREAM)
    pen.ring(0, 371, 26.5, 1.4, p.PERSIMMON)
    pen.dot(0, 371, 24.5, "#2a1913")
    with pen.inside(arc(0, 371, 24.5, 24.5)):
        pen.oval(4, 389, 25, 18, mix(wood, p.WALNUT, 0.62))


def _grain(pen: Pen, dark: str, light: str) -> None:
    rng = random.Random(53)
    for n in range(34):
        x = -88 + n * 5.4 + rng.uniform(-1.5, 1.5)
        sway = rng.uniform(-5, 5)
        line = smooth([(x, 275), (x + sway, 350), (x - sway * 0.7, 430), (x + sway * 0.5, 545)])
        pen.line(line, rng.uniform(0.5, 1.8), dark if n % 3 else light, rng.uniform(0.08, 0.24))


def _fretboard(pen: Pen) -> None:
    board = [(-17.5, NUT), (17.5, NUT), (20.5, 338), (-20.5, 338)]
    pen.shape([(17.5, NUT), (20, NUT + 3), (23, 340), (-17, 342), (20.5, 338)], "#2c1a14", 0.5)
    pen.shape(board, p.WALNUT)
    pen.shape([(-17.5, NUT), (-6, NUT), (-8, 338), (-20.5, 338)], "#6b4638", 0.5)
    for fret in range(1, 16):
        y, half = fret_at(fret), 17.5 + 3 * (fret_at(fret) - NUT) / 223
        pen.line([(-half, y), (half, y)], 1.3, "#d9c7a4")
    for fret in (5, 7, 10):
        pen.dot(0, (fret_at(fret) + fret_at(fret - 1)) / 2, 2.6, p.CREAM)
    pen.box(-18, NUT - 4, 36, 4.5, p.WHITE)


def _bridge(pen: Pen) -> None:
    pen.shape(rounded(-31, 455, 66, 19, 5), "#2c1a14", 0.35)
    pen.shape(rounded(-33, 451, 66, 19, 5), p.WALNUT)
    pen.shape(rounded(-33, 451, 66, 7, 3), "#6b4638")
    pen.box(-25, SADDLE - 2, 50, 3.2, p.WHITE, 1.4)


def _head(pen: Pen, wood: str, pegs: bool) -> None:
    dark, light = mix(wood, p.WALNUT, 0.5), mix(wood, "#ffd9a0", 0.3)
    if pegs:
        for side in (-1, 1):
            for y in (34, 72):
                pen.box(side * 31 - 7, y - 2, 14, 4, p.SLATE)
                pen.blob(
                    [(side * 35, y - 5), (side * 45, y - 9), (side * 49, y), (side * 45, y + 9), (side * 35, y + 5)], p.WHITE
                )
                pen.blob([(side * 36, y), (side * 46, y + 1), (side * 45, y + 8), (side * 36, y + 5)], p.SAND)
    pen.shape(_neck(), dark)
    head = mirrored(HALF_HEAD)
    pen.shape(head, dark)
    with pen.inside([(x * 0.94, 57 + (y - 57) * 0.96) for x, y in head]):
        pen.fade(head, light, wood)
        pen.blob([(30, 0), (6, 30), (10, 120), (30, 120)], dark, 0.28)
    for side in (-1, 1):
        for y, end in ((34, 4.0), (72, 12.0)):
            pen.line([(side * 15, y), (side * end, NUT - 2)], 0.9, "#fff6e2")
            pen.dot(side * 15, y, 4.4, p.WALNUT)
            pen.dot(side * 15, y, 2.4, "#e9dcc0")
