"""PDFs with Chinese type set right: fpdf2 and a subset of Noto Sans CJK (kit/fonts).

Lines break between Chinese characters and at spaces of Latin words, and never before closing punctuation or after
an opening one (JLREQ/CLREQ, "prohibition rules for line start and line end", https://www.w3.org/TR/clreq/).
"""

import re
from pathlib import Path

from fpdf import FPDF

FONT = Path(__file__).with_name("fonts") / "NotoSansTC-subset.otf"
NOT_AT_START = set("，。、；：？！」』）》〉】〕…—～·,.;:?!)]}%’”")
NOT_AT_END = set("「『（《〈【〔([{‘“$¥")
_UNITS = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s")


class Document(FPDF):
    """A PDF page by page; measures in mm, type sizes in points."""

    def __init__(self, page: str | tuple[float, float] = "A4", *, title: str = "", margin: float = 14) -> None:
        size = {"A5": (148.0, 210.0), "A4": (210.0, 297.0)}.get(page, page) if isinstance(page, str) else page
        super().__init__(format=size)
        self.add_font("Noto", fname=FONT)
        self.set_margin(margin)
        self.set_auto_page_break(True, margin=margin)
        self.set_title(title)
        self.set_creator("Courseyard")

    def paragraph(self, text: str, *, size: float = 10.5, leading: float = 1.6, width: float = 0, align: str = "L") -> None:
        """Text in a column of `width` mm (0: to the right margin) from the current x, line by line."""
        self.set_font("Noto", size=size)
        left, column = self.x, width or self.epw - (self.x - self.l_margin)
        for block in text.split("\n"):
            for line in self.broken(block, column):
                self.set_x(left)
                self.cell(column, size * leading * 0.3528, line, align=align, new_x="LEFT", new_y="NEXT")
        self.set_x(left)

    def broken(self, text: str, width: float) -> list[str]:
        """Lines of at most `width` mm in the font that is set."""
        lines, line = [], ""
        for chunk in self._chunks(text, width):
            if line and self.get_string_width(line + chunk.rstrip()) > width:
                lines.append(line.rstrip())
                line = chunk.lstrip()
            else:
                line += chunk
        return [*lines, line.rstrip()]

    def _chunks(self, text: str, width: float) -> list[str]:
        """What may not be parted: words, and characters with the marks that belong to them.

        A word wider than a whole line (an address, a code) falls into its letters.
        """
        chunks: list[str] = []
        for unit in _UNITS.findall(text):
            letters = list(unit) if self.get_string_width(unit) > width else [unit]
            for letter in letters:
                belongs = chunks and (letter[0] in NOT_AT_START or chunks[-1][-1] in NOT_AT_END)
                if belongs and not chunks[-1][-1].isspace():
                    chunks[-1] += letter
                else:
                    chunks.append(letter)
        return chunks

    def rule(self) -> None:
        """A thin line across the page."""
        self.set_draw_color(200, 190, 175)
        self.line(self.l_margin, self.y + 1, self.w - self.r_margin, self.y + 1)
        self.set_y(self.y + 3)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())
