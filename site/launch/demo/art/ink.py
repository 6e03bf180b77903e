"""Characters written with a brush: strokes on a square of 100, each a path and its widths."""

from collections.abc import Sequence

from launch.demo.art import palette as p
from launch.demo.art.pen import Pen, Point

Stroke = tuple[Sequence[Point], Sequence[float]]

HENG: Stroke = (((13, 49), (20, 46), (60, 43), (80, 43), (87, 46)), (3, 9, 6.5, 9, 5))
SHU: Stroke = (((48, 9), (51, 15), (50, 60), (50, 96)), (3, 10, 8, 0.6))
PIE: Stroke = (((49, 8), (51, 14), (47, 42), (33, 70), (9, 93)), (3, 10, 8, 6, 0.6))
NA: Stroke = (((50, 37), (58, 52), (71, 73), (83, 87), (89, 88), (99, 87)), (2, 5, 9, 14, 10, 0.6))

SHI = (HENG, SHU)
DA = ((((13, 40), (20, 37), (60, 34), (80, 34), (87, 37)), (3, 8, 6, 8, 4)), PIE, NA)
YONG: tuple[Stroke, ...] = (
    (((44, 4), (51, 9), (58, 18)), (1, 9, 5)),
    (((27, 30), (33, 28.5), (50, 26)), (3, 7, 8)),
    (((50, 25), (52, 32), (51, 60), (51, 86)), (8, 9, 8, 9)),
    (((52, 88), (45, 88), (35, 79)), (9, 6, 0.6)),
    (((11, 47), (18, 46), (34, 42)), (2, 7, 6)),
    (((34, 41), (29, 60), (7, 86)), (7, 6, 0.6)),
    (((86, 25), (78, 36), (53, 49)), (8, 7, 0.6)),
    (((53, 45), (64, 60), (78, 79), (86, 86), (99, 86)), (2, 6, 10, 13, 0.6)),
)
ZHONG: tuple[Stroke, ...] = (
    (((23, 29), (26, 36), (27, 60)), (4, 7, 6)),
    (((24, 33), (40, 31), (76, 28)), (4, 6, 8)),
    (((76, 28), (76, 42), (73, 61)), (8, 7, 6)),
    (((27, 58), (50, 56.5), (73, 56)), (4, 6, 5)),
    (((48, 5), (51, 11), (50, 60), (50, 98)), (3, 9.5, 8, 0.6)),
)
FU: tuple[Stroke, ...] = (
    (((19, 3), (25, 7), (31, 15)), (1, 8, 4)),
    (((6, 29), (14, 27), (35, 24)), (2, 6, 6)),
    (((35, 23), (27, 42), (5, 60)), (7, 6, 0.6)),
    (((23, 45), (25, 52), (24, 96)), (3, 7, 6)),
    (((29, 46), (34, 50), (39, 57)), (1, 7, 4)),
    (((47, 14), (54, 12.5), (86, 10), (93, 12)), (2, 6, 6, 4)),
    (((53, 24), (55, 30), (57, 43)), (3, 6, 5)),
    (((54, 26), (70, 25), (87, 23)), (3, 5, 7)),
    (((87, 23), (86, 32), (83, 43)), (7, 6, 5)),
    (((57, 41), (70, 40), (83, 40)), (3, 5, 4)),
    (((46, 53), (49, 62), (50, 94)), (3, 7, 7)),
    (((47, 56), (70, 54), (93, 52)), (3, 6, 8)),
    (((93, 52), (93, 70), (91, 95)), (8, 7, 7)),
    (((70, 56), (70, 74), (70, 88)), (4, 5, 5)),
    (((51, 73), (70, 72), (90, 72)), (3, 5, 4)),
    (((50, 91), (70, 90), (91, 90)), (4, 6, 5)),
)


def write(pen: Pen, strokes: Sequence[Stroke], size: float, colour: str = p.INK) -> None:
    """The character in a square of ``size`` whose corner is the origin."""
    inner = pen.at(0, 0, scale=size / 100)
    for path, widths in strokes:
        inner.stroke(path, widths, colour)


def grid(pen: Pen, size: float, colour: str = p.RED) -> None:
    """The practice square: a frame, its cross and its diagonals in dashes."""
    for a, b in (((0, 0), (size, 0)), ((size, 0), (size, size)), ((size, size), (0, size)), ((0, size), (0, 0))):
        pen.line([a, b], 4, colour, 0.8)
    half = size / 2
    ends = (((half, 0), (half, size)), ((0, half), (size, half)), ((0, 0), (size, size)), ((size, 0), (0, size)))
    for (x0, y0), (x1, y1) in ends:
        for k in range(0, 24, 2):
            start, stop = (k + 0.5) / 24, (k + 1.5) / 24
            dash = [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in (start, stop)]
            pen.line(dash, 2, colour, 0.45)


def seal(pen: Pen, size: float) -> None:
    """A red seal with the mark of a courtyard."""
    pen.box(0, 0, size, size, p.RED, size * 0.1)
    unit = size / 10
    for x, y, w, h in ((2, 2, 6, 1), (2, 2, 1, 6), (7, 2, 1, 6), (2, 7, 2.4, 1), (5.6, 7, 2.4, 1), (4.4, 4.4, 1.2, 1.2)):
        pen.box(x * unit, y * unit, w * unit, h * unit, p.CREAM)
