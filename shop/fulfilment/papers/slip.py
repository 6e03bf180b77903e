"""A packing slip. No prices: it lies in a box that may be a present."""

from django.utils.translation import gettext as _

from kit.pdf import Document
from kit.text import strip_controls
from shop.fulfilment.models import Shipment
from shop.fulfilment.papers.ink import ACCENT, FAINT, INK, QR_MM, draw_qr
from shop.fulfilment.reads import address_lines
from shop.fulfilment.sender import Sender
from shop.orders.models import Delivery


def draw_slip(document: Document, parcel: Shipment, origin: Sender) -> None:
    """`origin` is who sends. Between the margins of the open page, from its top; it goes on on new pages where it is long."""
    _head(document, parcel)
    delivery = getattr(parcel.order, "delivery", None)
    if delivery is not None:
        _recipient(document, delivery)
    _contents(document, parcel)
    document.ln(6)
    document.rule()
    document.set_text_color(*FAINT)
    document.paragraph(_("Thank you for learning with us. Open it, and begin."), size=10)
    document.paragraph(_("Something missing or broken? Write to us and name the parcel number."), size=8.5)
    document.paragraph(strip_controls(" · ".join(origin.lines)), size=8.5)


def _head(document: Document, parcel: Shipment) -> None:
    top = document.y
    draw_qr(document, parcel.number, document.w - document.r_margin - QR_MM, top)
    document.set_text_color(*ACCENT)
    document.paragraph(_("Packing slip"), size=10)
    document.set_text_color(*INK)
    document.paragraph(parcel.number, size=22, leading=1.3)
    document.set_text_color(*FAINT)
    document.paragraph(_("Order %(number)s") % {"number": parcel.order.number}, size=10)
    document.set_y(top + QR_MM + 3)
    document.rule()


def _recipient(document: Document, delivery: Delivery) -> None:
    to_store = delivery.method == Delivery.Method.STORE
    _label(document, _("Pick-up at a convenience store") if to_store else _("Send to"))
    document.set_text_color(*INK)
    document.paragraph(strip_controls(f"{delivery.name}　{delivery.phone}"), size=14, leading=1.5)
    for line in address_lines(delivery):
        document.paragraph(strip_controls(line), size=12, leading=1.5)
    document.ln(3)
    document.rule()


def _contents(document: Document, parcel: Shipment) -> None:
    _label(document, _("In this parcel"))
    for line in parcel.lines.all():
        sku = line.component.component.sku
        document.set_text_color(*INK)
        document.paragraph(
            strip_controls(f"{line.quantity} × {sku.name if sku else line.component.title}"),
            size=13,
            leading=1.6,
        )
        document.set_text_color(*FAINT)
        if sku is not None:
            document.paragraph(sku.code, size=8.5, leading=1.4)
            if sku.contents:
                document.paragraph(strip_controls(sku.contents), size=9.5, leading=1.6)
        document.ln(1.5)


def _label(document: Document, text: str) -> None:
    document.set_text_color(*FAINT)
    document.paragraph(text, size=8.5)
