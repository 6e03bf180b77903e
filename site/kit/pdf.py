"""PDFs with Chinese type set right: fpdf2 and a subset of Noto Sans CJK (kit/fonts)."""

from pathlib import Path

from fpdf import FPDF

from kit.lines import broken

FONT = Path(__file__).with_name("fonts") / "NotoSansTC-subset.otf"


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
        return broken(text, width, self.get_string_width)

    def rule(self) -> None:
        """A thin line across the page."""
        self.set_draw_color(200, 190, 175)
        self.line(self.l_margin, self.y + 1, self.w - self.r_margin, self.y + 1)
        self.set_y(self.y + 3)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())
