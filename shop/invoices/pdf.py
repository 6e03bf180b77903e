"""A paper as PDF, drawn from what was frozen when it was issued, in its order's language: the same file each time."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kit.clock import zone
from kit.money import figures, percent_text
from kit.pdf import Document
from kit.text import strip_controls
from shop.invoices.models import Paper
from shop.invoices.texts import einvoice_words, kind_title

INK, FAINT, ACCENT = (29, 33, 48), (110, 104, 96), (154, 51, 11)
MARGIN, GAP = 18.0, 6.0
# Widths of the table's columns in mm, from the left; the first takes what is left of the page.
COUNT, UNIT, AMOUNT = 16.0, 30.0, 32.0


class PaperDocument(Document):
    """A4 with the paper's number and the page below."""

    def __init__(self, paper: Paper) -> None:
        super().__init__("A4", title=paper.number, margin=MARGIN)
        self.paper = paper
        self.set_auto_page_break(True, margin=MARGIN + 8)
        self.alias_nb_pages("{pages}")
        self.set_creation_date(paper.issued_at)

    def footer(self) -> None:
        self.set_y(-MARGIN)
        self.set_font("Noto", size=8)
        self.set_text_color(*FAINT)
        self.cell(self.epw, 4, f"{self.paper.number} · {self.page_no()} / {{pages}}", align="C")

    def ink(self, colour: tuple[int, int, int]) -> None:
        self.set_text_color(*colour)

    def cells(self, texts: list[str], size: float, colour: tuple[int, int, int]) -> None:
        """A row of the table: the title broken over lines, figures at the right of their columns."""
        first = self.epw - COUNT - UNIT - AMOUNT
        self.set_font("Noto", size=size)
        lines = len(self.broken(strip_controls(texts[0]), first - 3))
        height = size * 1.6 * 0.3528
        if self.y + lines * height > self.page_break_trigger:
            self.add_page()
        top, left = self.y, self.l_margin + first
        self.ink(colour)
        self.paragraph(strip_controls(texts[0]), size=size, width=first - 3)
        bottom = self.y
        for text, width in zip(texts[1:], (COUNT, UNIT, AMOUNT), strict=True):
            self.set_xy(left, top)
            self.cell(width, height, text, align="R")
            left += width
        self.set_xy(self.l_margin, bottom)


def paper_pdf(paper: Paper) -> bytes:
    """The finished file."""
    with translation.override(paper.content["language"]), timezone.override(zone(settings.TIME_ZONE)):
        document = PaperDocument(paper)
        document.add_page()
        _head(document)
        _parties(document)
        _lines(document)
        _sums(document)
        _taxes(document)
        _below(document)
        return document.bytes()


def _head(document: PaperDocument) -> None:
    paper = document.paper
    document.ink(ACCENT)
    document.paragraph(kind_title(paper.kind), size=11)
    document.ink(INK)
    document.paragraph(paper.number, size=22, leading=1.3)
    document.ink(FAINT)
    issued = date_format(timezone.localtime(paper.issued_at), "DATE_FORMAT")
    order = _("Order %(number)s") % {"number": paper.content["order"]}
    document.paragraph(f"{issued}　·　{order}　·　{paper.currency}", size=9.5)
    if paper.corrects is not None:
        document.paragraph(_("Corrects %(number)s") % {"number": paper.corrects.number}, size=9.5)
    document.ln(2)
    document.rule()


def _parties(document: PaperDocument) -> None:
    seller, buyer = paper_parties(document.paper)
    top, width = document.y, (document.epw - GAP) / 2
    _party(document, document.l_margin, top, width, pgettext("invoice", "From"), seller)
    bottom = document.y
    _party(document, document.l_margin + width + GAP, top, width, pgettext("invoice", "To"), buyer)
    document.set_xy(document.l_margin, max(bottom, document.y) + 3)
    document.rule()


def paper_parties(paper: Paper) -> tuple[list[str], list[str]]:
    """Lines about seller and buyer; what is empty is left out."""
    seller, buyer = paper.content["seller"], paper.content["buyer"]
    number = _("Tax number %(number)s")
    sells = [seller["name"], *seller["address"].splitlines()]
    sells += [number % {"number": seller["tax_number"]}] if seller["tax_number"] else []
    buys = [buyer["company"], buyer["name"], *buyer["address"]]
    buys += [number % {"number": buyer["tax_number"]}] if buyer["tax_number"] else []
    return [line for line in [*sells, seller["email"]] if line], [line for line in [*buys, buyer["email"]] if line]


def _party(document: PaperDocument, left: float, top: float, width: float, label: str, lines: list[str]) -> None:
    document.set_xy(left, top)
    document.ink(FAINT)
    document.paragraph(label, size=8.5, width=width)
    document.ink(INK)
    for index, line in enumerate(lines):
        document.paragraph(strip_controls(line), size=11.5 if index == 0 else 9.5, width=width)


def _lines(document: PaperDocument) -> None:
    content, currency = document.paper.content, document.paper.currency
    head = [_("What"), _("Pieces"), _("Price each"), _("Amount")]
    document.cells(head, 8.5, FAINT)
    document.rule()
    for line in content["lines"]:
        unit = figures(line["unit"], currency) if "unit" in line else ""
        document.cells([line["title"], str(line["quantity"]), unit, figures(line["amount"], currency)], 10.5, INK)
        for part in line["parts"]:
            document.cells([f"　{part['title']}", str(part["quantity"]), "", ""], 8.5, FAINT)
        if line["discount"]:
            document.cells([f"　{_('Discount')}", "", "", figures(-line["discount"], currency)], 8.5, FAINT)
        document.ln(1)
    document.rule()


def _sums(document: PaperDocument) -> None:
    content, currency = document.paper.content, document.paper.currency
    if content["shipping"]:
        document.cells([_("Delivery"), "", "", figures(content["shipping"], currency)], 10, INK)
    for row in content["taxes"][:1] if content["tax_on_top"] else []:
        document.cells([_rate(row), "", "", figures(content["tax_on_top"], currency)], 10, INK)
    document.ln(1)
    document.cells([_("Total"), "", "", f"{currency} {figures(content['total'], currency)}"], 13, INK)
    document.ln(2)


def _taxes(document: PaperDocument) -> None:
    """Net and tax by rate."""
    taxes, currency = document.paper.content["taxes"], document.paper.currency
    if not taxes:
        return
    document.rule()
    document.cells([_("Tax by rate"), "", pgettext("invoice", "Net"), _("Tax")], 8.5, FAINT)
    for row in taxes:
        document.cells([_rate(row), "", figures(row["net"], currency), figures(row["tax"], currency)], 9.5, INK)


def _rate(row: dict[str, object]) -> str:
    return f"{row['name']} {percent_text(int(str(row['rate'])))}" if row["rate"] else _("Without tax")


def _below(document: PaperDocument) -> None:
    content = document.paper.content
    document.ln(3)
    document.ink(FAINT)
    asked = content["einvoice"] if content["einvoice"].get("kind") != "company" else {}  # it stands with the buyer
    for text in (einvoice_words(asked), content.get("reason", ""), content["seller"]["note"]):
        if text:
            document.paragraph(strip_controls(text), size=9)
            document.ln(1.5)
