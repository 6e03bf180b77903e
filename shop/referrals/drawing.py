"""A poster as a picture of 1080 × 1440 pixels: art, title, price, a code to scan, and that its sharer earns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

import segno
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont, ImageOps

from kit.lines import broken
from kit.pdf import FONT

WIDTH, HEIGHT, EDGE = 1080, 1440, 72
CARD = (1200, 630)
PAPER, INK, INK_2, KOA, STRING, ACCENT, WHITE = "#fbf6ec", "#1d2130", "#53535e", "#7a4e24", "#b08d5b", "#c2410f", "#ffffff"
STRINGS = ((0, 2), (22, 5), (44, 4), (66, 2))  # offset and gauge: G C E A
Colours = tuple[str, str, str]


@dataclass(frozen=True)
class Words:
    """What stands on a poster; `price` and `disclosure` may be ''. `address` is what the code leads to."""

    title: str
    price: str
    by: str
    scan: str
    disclosure: str
    site: str
    address: str


def draw_poster(design: str, words: Words, art: bytes | None, *, scale: int = 1) -> bytes:
    """A JPEG of `scale` × 1080 by 1440 pixels. `design`: one of DESIGNS; `art`: a picture as we store them, or None."""
    sheet = Sheet(scale)
    DESIGNS[design](sheet, words, _opened(art))
    out = BytesIO()
    sheet.picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def draw_card(title: str, price: str, site: str, art: bytes | None) -> bytes:
    """What a messenger shows beside a link, a JPEG of 1200 × 630 (Open Graph's usual size): a few large words, which are
    read at the size of a thumb. `price` and `art` may be missing."""
    sheet = Sheet(1, *CARD)
    room = CARD[0] - 2 * EDGE
    sheet.strings(CARD[1] - 96, STRING)
    if (picture := _opened(art)) is not None:
        sheet.art(picture, CARD[0] - 500, 0, 500, CARD[1])
        room -= 500
    below = sheet.text(title, EDGE, 64, room, size=84, colour=INK, lines=3)
    if price:
        sheet.text(price, EDGE, below + 8, room, size=84, colour=ACCENT, lines=1)
    sheet.text(site, EDGE, CARD[1] - 164, room, size=36, colour=KOA, lines=1)
    out = BytesIO()
    sheet.picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _opened(art: bytes | None) -> Image.Image | None:
    if art is None:
        return None
    return ImageOps.exif_transpose(Image.open(BytesIO(art))).convert("RGB")


class Sheet:
    """Draws in units of a 1080 × 1440 poster (or of another size), whatever the picture's size is."""

    def __init__(self, scale: int, width: int = WIDTH, height: int = HEIGHT) -> None:
        self.scale, self.width = scale, width
        self.picture = Image.new("RGB", (width * scale, height * scale), PAPER)
        self.pen = ImageDraw.Draw(self.picture)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, radius: float = 0) -> None:
        corners = [part * self.scale for part in (x, y, x + width, y + height)]
        self.pen.rounded_rectangle(corners, radius * self.scale, fill=colour)

    def strings(self, y: float, colour: str) -> None:
        """The motif: four strings across, one finger."""
        for offset, gauge in STRINGS:
            self.box(0, y + offset, self.width, gauge, colour)
        self.box(self.width * 2 / 3, y + 24, 44, 44, ACCENT, radius=22)

    def art(self, picture: Image.Image, x: float, y: float, width: float, height: float, *, radius: float = 0) -> None:
        """The middle of the picture, cut to the box."""
        size = (round(width * self.scale), round(height * self.scale))
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius * self.scale, fill=255)
        self.picture.paste(ImageOps.fit(picture, size), (round(x * self.scale), round(y * self.scale)), mask)

    def code(self, address: str, x: float, y: float, side: float) -> None:
        """The QR code on a white card of that side."""
        self.box(x, y, side, side, WHITE, radius=24)
        out = BytesIO()
        segno.make(address, error="m").save(out, kind="png", scale=12, border=2, dark=INK)
        code = Image.open(out).convert("RGB").resize([round((side - 24) * self.scale)] * 2, Image.Resampling.NEAREST)
        self.picture.paste(code, (round((x + 12) * self.scale), round((y + 12) * self.scale)))

    def text(
        self, text: str, x: float, y: float, width: float, *, size: float, colour: str, lines: int, centre: bool = False
    ) -> float:
        """Text from y on in a box of so many `lines`: smaller, hence in more of them, where it needs more room, and cut
        where half the size is still too large; the y below it."""
        text = printable(text)
        for smaller in (1, 0.85, 0.7, 0.6, 0.5):
            font, room = _font(round(size * smaller * self.scale)), int(lines / smaller)
            rows = broken(text, width * self.scale, font.getlength)
            if len(rows) <= room:
                break
        else:
            rows = [*rows[: room - 1], _cut(rows[room - 1], width * self.scale, font)]
        rows = _balanced(text, rows, width * self.scale, font)
        step = font.size / self.scale * 1.4
        for number, row in enumerate(rows):
            left = x + (width - font.getlength(row) / self.scale) / 2 if centre else x
            self.pen.text((left * self.scale, (y + number * step) * self.scale), row, font=font, fill=colour)
        return y + len(rows) * step


def _balanced(text: str, rows: list[str], width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    """The same lines about equally long, so that no single character stands on the last one."""
    if len(rows) < 2 or rows[-1].endswith("…"):
        return rows
    tried = (broken(text, width * part / 20, font.getlength) for part in range(10, 20))
    return next((narrower for narrower in tried if len(narrower) == len(rows)), rows)


def _cut(row: str, width: float, font: ImageFont.FreeTypeFont) -> str:
    while row and font.getlength(f"{row}…") > width:
        row = row[:-1]
    return f"{row.rstrip()}…"


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: str) -> str:
    """One line of what the font can set: signs that it lacks (emoji, other scripts) would come out as boxes."""
    known = "".join(sign if sign.isspace() or ord(sign) in _glyphs() else "" for sign in text)
    return " ".join(known.split())


def _sunny(sheet: Sheet, words: Words, art: Image.Image | None) -> None:
    """Art above, words on paper below."""
    if art is not None:
        sheet.art(art, 0, 0, WIDTH, 720)
    else:
        sheet.box(0, 0, WIDTH, 720, "#f1e1c9")
    sheet.strings(684, STRING)
    below = sheet.text(words.title, EDGE, 800, WIDTH - 2 * EDGE, size=66, colour=INK, lines=2)
    if words.price:
        sheet.text(words.price, EDGE, below + 12, 560, size=60, colour=ACCENT, lines=1)
    sheet.code(words.address, WIDTH - EDGE - 280, HEIGHT - EDGE - 280, 280)
    _foot(sheet, words, EDGE, HEIGHT - EDGE - 272, WIDTH - 3 * EDGE - 280, (INK, INK_2, KOA))


def _night(sheet: Sheet, words: Words, art: Image.Image | None) -> None:
    """A round picture in the dark, the code in the middle of the foot."""
    sheet.box(0, 0, WIDTH, HEIGHT, INK)
    sheet.strings(330, "#6a5a45")
    sheet.box(250, 64, 580, 580, STRING, radius=290)
    if art is not None:
        sheet.art(art, 262, 76, 556, 556, radius=278)
    else:
        sheet.box(262, 76, 556, 556, KOA, radius=278)
    below = sheet.text(words.title, EDGE, 684, WIDTH - 2 * EDGE, size=62, colour=PAPER, lines=2, centre=True)
    if words.price:
        sheet.text(words.price, EDGE, below + 6, WIDTH - 2 * EDGE, size=56, colour="#f0814f", lines=1, centre=True)
    sheet.code(words.address, 410, HEIGHT - 480, 260)
    sheet.text(words.by, EDGE, HEIGHT - 210, WIDTH - 2 * EDGE, size=36, colour=PAPER, lines=1, centre=True)
    line = " · ".join(part for part in (words.disclosure, words.site) if part)
    sheet.text(line, EDGE, HEIGHT - 152, WIDTH - 2 * EDGE, size=30, colour="#beb4a4", lines=3, centre=True)


def _postcard(sheet: Sheet, words: Words, art: Image.Image | None) -> None:
    """A large picture, and a card that lies upon it."""
    sheet.box(0, 0, WIDTH, HEIGHT, "#e9d3b0")
    if art is not None:
        sheet.art(art, 0, 0, WIDTH, 960)
    else:
        sheet.strings(360, STRING)
    sheet.box(40, 812, WIDTH - 80, 588, PAPER, radius=36)
    below = sheet.text(words.title, 88, 848, WIDTH - 176, size=58, colour=INK, lines=2)
    if words.price:
        sheet.text(words.price, 88, below + 4, 560, size=52, colour=ACCENT, lines=1)
    sheet.code(words.address, WIDTH - 88 - 250, 1112, 250)
    _foot(sheet, words, 88, 1100, WIDTH - 3 * 88 - 250, (INK, INK_2, KOA))


def _foot(sheet: Sheet, words: Words, x: float, y: float, width: float, colours: Colours) -> None:
    """Who recommends, what to do, that they earn, and whose site it is."""
    below = sheet.text(words.by, x, y, width, size=40, colour=colours[0], lines=1)
    below = sheet.text(words.scan, x, below, width, size=30, colour=colours[1], lines=1)
    below = sheet.text(words.disclosure, x, below + 8, width, size=28, colour=colours[1], lines=3)
    sheet.text(words.site, x, below + 8, width, size=27, colour=colours[2], lines=1)


DESIGNS: dict[str, Callable[[Sheet, Words, Image.Image | None], None]] = {"sunny": _sunny, "night": _night, "postcard": _postcard}
