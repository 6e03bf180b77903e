"""All papers of a morning in one PDF: the pick list, then one sheet a parcel, slip on the left and address label on the right."""

from collections.abc import Sequence

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.clock import now
from kit.pdf import Document
from kit.text import strip_controls
from shop.fulfilment.models import Shipment
from shop.fulfilment.papers.ink import FAINT, INK
from shop.fulfilment.papers.label import draw_label
from shop.fulfilment.papers.slip import draw_slip
from shop.fulfilment.picking import Pick
from shop.fulfilment.sender import Sender, sender

WIDE, HIGH, MARGIN = 297.0, 210.0, 14.0
MIDDLE = WIDE / 2
COUNT, PLACE = 24.0, 80.0


def print_sheets(parcels: Sequence[Shipment], picks: Sequence[Pick]) -> bytes:
    """A4 across, to be cut in the middle. Parcels come with lines and delivery, in the order of packing; each sheet speaks
    its buyer's language, the pick list the packer's."""
    document = Document((WIDE, HIGH), title=_("Packing slips and labels"), margin=MARGIN)
    _pick_page(document, picks, len(parcels))
    origin = sender()
    for parcel in parcels:
        with translation.override(parcel.order.language):
            _sheet(document, parcel, origin)
    return document.bytes()


def _sheet(document: Document, parcel: Shipment, origin: Sender) -> None:
    _column(document, MIDDLE + MARGIN, MARGIN)
    document.add_page()
    document.set_draw_color(200, 190, 175)
    document.set_dash_pattern(dash=1, gap=2)
    document.line(MIDDLE, 0, MIDDLE, HIGH)
    document.set_dash_pattern()
    draw_label(document, parcel, origin)
    _column(document, MARGIN, MIDDLE + MARGIN)
    document.set_xy(MARGIN, MARGIN)
    draw_slip(document, parcel, origin)


def _column(document: Document, left: float, right: float) -> None:
    document.set_left_margin(left)
    document.set_right_margin(right)


def _pick_page(document: Document, picks: Sequence[Pick], parcels: int) -> None:
    document.add_page()
    document.set_text_color(*INK)
    document.paragraph(_("Pick list"), size=22)
    document.set_text_color(*FAINT)
    count = ngettext("%(count)d parcel", "%(count)d parcels", parcels) % {"count": parcels}
    document.paragraph(f"{count} · {date_format(timezone.localtime(now()), 'DATETIME_FORMAT')}", size=10)
    document.rule()
    for pick in picks:
        _pick_row(document, pick)


def _pick_row(document: Document, pick: Pick) -> None:
    spots = [f"{place}: {pieces}" for place, pieces in pick.spots]
    if pick.missing:
        spots.append(_("missing: %(count)d") % {"count": pick.missing})
    if document.y > HIGH - 2.5 * MARGIN:
        document.add_page()
    top = document.y
    _cell(document, MARGIN, top, f"{pick.pieces} ×", 18, COUNT)
    _cell(
        document, MARGIN + COUNT, top, strip_controls(f"{pick.sku.name}\n{pick.sku.code}"), 12, WIDE - 2 * MARGIN - COUNT - PLACE
    )
    bottom = document.y
    _cell(document, WIDE - MARGIN - PLACE, top, strip_controls("\n".join(spots)), 12, PLACE)
    document.set_xy(MARGIN, max(bottom, document.y))
    document.rule()


def _cell(document: Document, left: float, top: float, text: str, size: float, width: float) -> None:
    document.set_text_color(*INK)
    document.set_xy(left, top)
    document.paragraph(text, size=size, width=width)
