"""An address label: what the carrier reads, large."""

from django.utils.translation import gettext as _

from kit.pdf import Document
from kit.text import strip_controls
from shop.fulfilment.models import Shipment
from shop.fulfilment.papers.ink import FAINT, INK, QR_MM, draw_qr
from shop.fulfilment.reads import address_lines
from shop.fulfilment.sender import Sender
from shop.orders.models import Delivery


def draw_label(document: Document, parcel: Shipment, origin: Sender) -> None:
    """`origin` is who sends. Between the margins of the page that is open, from its top."""
    top = document.y
    draw_qr(document, parcel.number, document.w - document.r_margin - QR_MM, top)
    _small(document, _("From"))
    for line in origin.lines:
        _line(document, line, 10, width=document.epw - QR_MM - 4)
    _line(document, parcel.number, 12)
    document.set_y(max(document.y, top + QR_MM) + 3)
    document.rule()
    document.ln(4)
    delivery: Delivery | None = getattr(parcel.order, "delivery", None)
    if delivery is None:
        return
    _small(document, _("Pick-up at a convenience store") if delivery.method == Delivery.Method.STORE else _("To"))
    for line in address_lines(delivery):
        _line(document, line, 17)
    document.ln(4)
    _line(document, delivery.name, 26)
    _line(document, delivery.phone, 17)


def _small(document: Document, text: str) -> None:
    document.set_text_color(*FAINT)
    document.paragraph(text, size=8.5)


def _line(document: Document, text: str, size: float, width: float = 0) -> None:
    document.set_text_color(*INK)
    document.paragraph(strip_controls(text), size=size, leading=1.4, width=width)
