"""A payout on paper: what it consists of, order by order."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kit.money import format_money
from kit.pdf import Document
from kit.text import strip_controls
from shop.payouts.models import Payout, PayoutEntry
from shop.payouts.words import state_word

LEFT, RIGHT = 128.0, 50.0


def statement_pdf(payout: Payout, entries: Iterable[PayoutEntry]) -> bytes:
    """A PDF in the active language; the lines come to the payout's amount."""
    number = f"CY-P-{payout.pk}"
    document = Document("A4", title=number)
    document.add_page()
    document.paragraph(_("Statement of payout %(number)s") % {"number": number}, size=18)
    document.paragraph(strip_controls(payout.payee.display_name), size=11)
    day = payout.paid_at or payout.created_at
    document.paragraph(f"{date_format(day, 'DATE_FORMAT')} · {state_word(payout.state)}", size=10)
    document.rule()
    for entry in entries:
        part = entry.line.component
        text = f"{part.line.order.number}  {strip_controls(part.title)}  ({entry.line.get_kind_display()})"
        _row(document, text, format_money(entry.amount, payout.currency))
    document.rule()
    _row(document, _("Together"), format_money(payout.amount, payout.currency), size=12)
    return document.bytes()


def _row(document: Document, text: str, amount: str, *, size: float = 10) -> None:
    """A line of text and its amount; a long title takes more lines, and the amount stands by the first."""
    if document.y > document.h - 30:
        document.add_page()
    top = document.y
    document.set_x(document.l_margin + LEFT)
    document.paragraph(amount, size=size, width=RIGHT, align="R")
    bottom = document.y
    document.set_xy(document.l_margin, top)
    document.paragraph(text, size=size, width=LEFT)
    document.set_xy(document.l_margin, max(document.y, bottom))
