"""A pen that draws shapes at three times the size and hands back a smooth picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

SCALE = 3
Point = tuple[float, float]
Points = Sequence[Point]
Matrix = tuple[float, float, float, float, float, float]


def rgba(colour: str, alpha: float = 1.0) -> tuple[int, int, int, int]:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue, round(255 * alpha)


def mix(first: str, second: str, share: float) -> str:
    """``share`` of the second colour in the first."""
    pairs = zip(ImageColor.getrgb(first)[:3], ImageColor.getrgb(second)[:3], strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def arc(x: float, y: float, rx: float, ry: float, start: float = 0, end: float = 360, n: int = 120) -> list[Point]:
    """Points on an ellipse, degrees clockwise from three o'clock."""
    turn = (start + (end - start) * i / n for i in range(n + 1))
    return [(x + rx * math.cos(math.radians(t)), y + ry * math.sin(math.radians(t))) for t in turn]


def smooth(points: Points, *, closed: bool = False, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    n = len(points)
    result: list[Point] = []
    for i in range(n if closed else n - 1):
        p0, p1, p2, p3 = (points[j % n] if closed else points[min(max(j, 0), n - 1)] for j in (i - 1, i, i + 1, i + 2))
        for step in range(steps):
            t = step / steps
            x, y = (_spline(p0[k], p1[k], p2[k], p3[k], t) for k in (0, 1))
            result.append((x, y))
    return result if closed else [*result, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def rounded(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    corners = ((x + w - r, y + r, 270), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90), (x + r, y + r, 180))
    return [point for cx, cy, start in corners for point in arc(cx, cy, r, r, start, start + 90, 12)]


class Sheet:
    """The picture itself; pens with different transforms share it."""

    def __init__(self, width: int, height: int, colour: str) -> None:
        self.size = (width, height)
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), colour)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def swap(self, image: Image.Image) -> Image.Image:
        before, self.image = self.image, image
        self.draw = ImageDraw.Draw(image, "RGBA")
        return before

    def save(self, path: Path, quality: int = 86) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        small.save(path, "WEBP", quality=quality, method=6)


class Pen:
    """Draws on a sheet in its own coordinates (``at`` moves, turns and scales them)."""

    def __init__(self, sheet: Sheet, matrix: Matrix = (SCALE, 0, 0, 0, SCALE, 0)) -> None:
        self.sheet = sheet
        self.matrix = matrix
        self.unit = math.hypot(matrix[0], matrix[3])

    def at(self, x: float, y: float, *, turn: float = 0, scale: float = 1, flip: bool = False) -> Pen:
        cos, sin = scale * math.cos(math.radians(turn)), scale * math.sin(math.radians(turn))
        a, b, c, d, e, f = self.matrix
        p, q, r, s = (-cos if flip else cos), -sin, (-sin if flip else sin), cos
        inner = (a * p + b * r, a * q + b * s, a * x + b * y + c, d * p + e * r, d * q + e * s, d * x + e * y + f)
        return Pen(self.sheet, inner)

    def place(self, points: Points) -> list[Point]:
        a, b, c, d, e, f = self.matrix
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def shape(self, points: Points, colour: str, alpha: float = 1) -> None:
        self.sheet.draw.polygon(self.place(points), fill=rgba(colour, alpha))

    def blob(self, points: Points, colour: str, alpha: float = 1) -> None:
        self.shape(smooth(points, closed=True), colour, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str, alpha: float = 1) -> None:
        self.shape(arc(x, y, rx, ry), colour, alpha)

    def dot(self, x: float, y: float, r: float, colour: str, alpha: float = 1) -> None:
        self.oval(x, y, r, r, colour, alpha)

    def box(self, x: float, y: float, w: float, h: float, colour: str, r: float = 0, alpha: float = 1) -> None:
        points = rounded(x, y, w, h, r) if r else [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
        self.shape(points, colour, alpha)

    def line(self, points: Points, width: float, colour: str, alpha: float = 1) -> None:
        """A line with round ends; drawn whole, so that it may be transparent."""
        self.shape(ribbon(points, [width] * len(points)), colour, alpha)

    def ring(self, x: float, y: float, r: float, width: float, colour: str, alpha: float = 1) -> None:
        outer, inner = arc(x, y, r + width / 2, r + width / 2), arc(x, y, r - width / 2, r - width / 2)
        self.shape([*outer, *reversed(inner)], colour, alpha)

    def stroke(self, points: Points, widths: Sequence[float], colour: str, alpha: float = 1) -> None:
        """A brush stroke: the curve through the points, as wide as told at each."""
        path = smooth(points)
        n = len(path) - 1
        wide = [_between(widths, i / n * (len(widths) - 1)) for i in range(n + 1)]
        self.shape(ribbon(path, wide), colour, alpha)

    def fade(self, points: Points, top: str, bottom: str) -> None:
        """A shape filled from one colour above to another below."""
        placed = self.place(points)
        x0, y0 = (int(min(p[k] for p in placed)) for k in (0, 1))
        x1, y1 = (int(max(p[k] for p in placed)) + 1 for k in (0, 1))
        ramp = Image.linear_gradient("L").resize((x1 - x0, y1 - y0))
        low, high = (Image.new("RGB", ramp.size, colour) for colour in (bottom, top))
        fill = Image.composite(low, high, ramp)
        mask = Image.new("L", ramp.size, 0)
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in placed], fill=255)
        self.sheet.image.paste(fill, (x0, y0), mask)

    def shadow(self, points: Points, dx: float, dy: float, blur: float, alpha: float = 0.25) -> None:
        """A soft shadow of the shape; dx and dy are in the sheet's own directions."""
        quarter = 4
        image = self.sheet.image
        mask = Image.new("L", (image.width // quarter, image.height // quarter), 0)
        moved = [((x + dx * SCALE) / quarter, (y + dy * SCALE) / quarter) for x, y in self.place(points)]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * alpha))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * SCALE / quarter)).resize(image.size)
        image.paste(Image.new("RGB", image.size, "#3a2418"), (0, 0), mask)

    @contextmanager
    def inside(self, points: Points) -> Iterator[None]:
        """What is drawn within appears only inside the shape."""
        before = self.sheet.swap(self.sheet.image.copy())
        yield
        mask = Image.new("L", before.size, 0)
        ImageDraw.Draw(mask).polygon(self.place(points), fill=255)
        before.paste(self.sheet.image, (0, 0), mask)
        self.sheet.swap(before)

    def text(self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "mm") -> None:
        """Upright latin letters and digits in Pillow's own type."""
        font = ImageFont.load_default(size * self.unit)
        bold = size * self.unit * 0.018
        self.sheet.draw.text(self.place([(x, y)])[0], words, fill=colour, font=font, anchor=anchor, stroke_width=bold)


def ribbon(path: Points, widths: Sequence[float]) -> list[Point]:
    """The outline of a line of varying width with round ends."""
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(path):
        x0, y0 = path[max(i - 1, 0)]
        x1, y1 = path[min(i + 1, len(path) - 1)]
        long = math.hypot(x1 - x0, y1 - y0) or 1
        nx, ny = -(y1 - y0) / long * widths[i] / 2, (x1 - x0) / long * widths[i] / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *_cap(left[-1], path[-1], -1), *reversed(right), *_cap(right[0], path[0], -1)]


def _cap(start: Point, centre: Point, way: int) -> list[Point]:
    angle = math.atan2(start[1] - centre[1], start[0] - centre[0])
    r = math.dist(start, centre)
    turns = (angle + way * math.pi * k / 10 for k in range(1, 10))
    return [(centre[0] + r * math.cos(t), centre[1] + r * math.sin(t)) for t in turns]


def _between(values: Sequence[float], at: float) -> float:
    low = min(int(at), len(values) - 2)
    return values[low] + (values[low + 1] - values[low]) * (at - low)
