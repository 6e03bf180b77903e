"""Leaves, hills, waves, clouds and steam."""

import math

from launch.demo.art import palette as p
from launch.demo.art.pen import Pen, mix, smooth


def leaf(pen: Pen, length: float, width: float, colour: str, vein: str | None = None) -> None:
    """One leaf lying along x from the pen's origin, its lower half darker."""
    top = smooth([(0, 0), (length * 0.3, -width * 0.5), (length * 0.7, -width * 0.42), (length, 0)])
    bottom = smooth([(length, 0), (length * 0.66, width * 0.46), (length * 0.28, width * 0.42), (0, 0)])
    pen.shape([*top, *bottom], colour)
    pen.shape(bottom, mix(colour, p.INK, 0.16))
    pen.line([(-length * 0.08, 0), (length * 0.92, 0)], max(length * 0.012, 1.2), vein or mix(colour, p.PAPER, 0.35))


def sprig(pen: Pen, colour: str, pairs: int = 5, size: float = 1) -> None:
    """A stem that rises from the origin along -y, with leaves in pairs."""
    stem = smooth([(0, 0), (8 * size, -90 * size), (0, -60 * pairs * size)])
    pen.line(stem, 5 * size, mix(colour, p.INK, 0.25))
    for n in range(pairs):
        x, y = stem[int((n + 0.6) / pairs * (len(stem) - 1))]
        long = (115 - 11 * n) * size
        leaf(pen.at(x, y, turn=-28 - n * 5), long, 46 * size, colour)
        leaf(pen.at(x, y, turn=208 + n * 5), long, 46 * size, mix(colour, p.INK, 0.08))
    leaf(pen.at(*stem[-1], turn=-90), 80 * size, 38 * size, colour)


def palm(pen: Pen, colour: str, size: float = 1, spread: float = 180) -> None:
    """A fan of long leaves from the origin, opening upward."""
    count = 9
    for n in (0, 8, 1, 7, 2, 6, 3, 5, 4):
        turn = -90 + spread * (n / (count - 1) - 0.5)
        shade = mix(colour, p.INK, 0.22 - 0.05 * abs(4 - n)) if n % 2 else colour
        leaf(pen.at(0, 0, turn=turn), (300 - 10 * abs(4 - n)) * size, 58 * size, shade)


def hills(pen: Pen, width: float, base: float, bottom: float, height: float, phase: float, colour: str) -> None:
    """One row of rolling hills across the picture."""
    top = [
        (x, base - height * (0.6 * math.sin(x / width * 5.1 + phase) + 0.4 * math.sin(x / width * 9.7 + 2 * phase)))
        for x in range(-10, int(width) + 20, 8)
    ]
    pen.shape([*top, (width + 20, bottom), (-20, bottom)], colour)


def waves(pen: Pen, width: float, y: float, bottom: float, swell: float, phase: float, colour: str) -> None:
    top = [
        (x, y + swell * math.sin(x / 90 + phase) + swell * 0.4 * math.sin(x / 41 + phase)) for x in range(-10, int(width) + 20, 6)
    ]
    pen.shape([*top, (width + 20, bottom), (-20, bottom)], colour)


def cloud(pen: Pen, size: float, colour: str, alpha: float = 1) -> None:
    for x, y, r in ((-70, 0, 38), (-20, -26, 52), (45, -10, 44), (88, 6, 28)):
        pen.dot(x * size, y * size, r * size, colour, alpha)
    pen.box(-104 * size, -4 * size, 216 * size, 40 * size, colour, 19 * size, alpha)


def steam(pen: Pen, size: float, colour: str = p.WHITE, alpha: float = 0.75) -> None:
    """Three threads that rise along -y."""
    for x, tall in ((-30, 150), (6, 200), (40, 130)):
        path = [(x + 13 * math.sin(k * 0.9 + x), -tall * k / 7) for k in range(8)]
        pen.at(0, 0, scale=size).stroke(path, [1, 9, 13, 9, 1], colour, alpha)


def blossom(pen: Pen, size: float, petal: str, heart: str) -> None:
    for n in range(5):
        inner = pen.at(0, 0, turn=72 * n - 90, scale=size)
        inner.blob([(0, 0), (16, -15), (40, -15), (46, 0), (40, 15), (16, 15)], petal)
        inner.blob([(4, 0), (18, 3), (38, 8), (40, 13), (16, 14)], mix(petal, p.BLUSH, 0.5))
    pen.dot(0, 0, 8 * size, heart)
