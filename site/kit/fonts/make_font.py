"""Makes NotoSansTC-subset.otf: the characters of Big5 and GB 2312 from Noto Sans CJK, for PDFs.

Run once by a developer, with Debian's fonts-noto-cjk installed: `python site/kit/fonts/make_font.py SOURCE.ttc`.
The font is under the SIL Open Font Licence 1.1 (OFL.txt beside this file).
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).with_name("NotoSansTC-subset.otf")


def characters() -> set[int]:
    """Code points of ASCII, Latin-1, punctuation, Big5 and GB 2312."""
    points = (
        set(range(0x20, 0x7F))
        | set(range(0xA0, 0x250))
        | set(range(0x2010, 0x2040))
        | set(range(0x3000, 0x3040))
        | set(range(0xFF00, 0xFFF0))
    )
    points |= {0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2605, 0x2606, 0x2713, 0x266A, 0x266D, 0x266F}
    for codec in ("big5", "gb2312"):
        for high in range(0xA1, 0xFF):
            for low in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
                text = bytes([high, low]).decode(codec, errors="ignore")
                points.update(map(ord, text))
    return points


def main(source: str) -> None:
    fonts = TTCollection(source).fonts
    font = next(face for face in fonts if face["name"].getDebugName(4) == "Noto Sans CJK TC")
    options = subset.Options(
        layout_features=["kern", "ccmp", "locl"],
        hinting=False,
        desubroutinize=False,
        notdef_outline=True,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    font.save(TARGET)


if __name__ == "__main__":
    main(sys.argv[1])
