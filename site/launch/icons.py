"""python -m launch.icons: the mark (static/img/favicon.svg) as PNG for home screens, within the safe zone of maskable icons."""

from PIL import Image, ImageDraw

from launch.paths import SITE

INK, PAPER, FINGER = "#1d2130", "#fbf6ec", "#f0814f"
STRINGS = ((8.0, 1.1), (13.3, 1.9), (18.7, 1.4), (24.0, 1.1))
FINE = 4


def draw(size: int) -> Image.Image:
    """A square of `size` pixels: four strings, one finger."""
    unit = size * FINE / 32 * 0.9
    edge = size * FINE * 0.05
    picture = Image.new("RGB", (size * FINE, size * FINE), INK)
    pen = ImageDraw.Draw(picture)

    def at(value: float) -> float:
        return edge + value * unit

    pen.line([at(8), at(6.5), at(24), at(6.5)], fill=PAPER, width=round(2.4 * unit))
    for place, width in STRINGS:
        pen.line([at(place), at(7), at(place), at(26)], fill=PAPER, width=round(width * unit))
    pen.ellipse([at(20), at(16.5), at(28), at(24.5)], fill=FINGER)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for wanted in (192, 512):
        draw(wanted).save(SITE / "static" / "img" / f"icon-{wanted}.png", optimize=True)
