"""Redeem codes on paper: eight cards a page, to be cut out."""

from collections.abc import Iterable

import segno
from django.urls import reverse
from django.utils.translation import gettext as _

from kit.pdf import Document
from kit.text import strip_controls
from shop.catalogue.models import Coupon
from shop.orders.links import absolute

INK, FAINT = (29, 33, 48), (110, 104, 96)
COLUMNS, ROWS, QR_MM = 2, 4, 22.0


def code_cards(coupons: Iterable[Coupon]) -> bytes:
    """A PDF; each card has the course, the code, its address as QR code, and what to do with it."""
    document = Document("A4", title=_("Redeem codes"), margin=10)
    document.set_auto_page_break(False)
    width, height = document.epw / COLUMNS, document.eph / ROWS
    for index, coupon in enumerate(coupons):
        place = index % (COLUMNS * ROWS)
        if place == 0:
            document.add_page()
        left = document.l_margin + place % COLUMNS * width
        _card(document, coupon, left, document.t_margin + place // COLUMNS * height, width, height)
    return document.bytes()


def _card(document: Document, coupon: Coupon, left: float, top: float, width: float, height: float) -> None:
    document.set_draw_color(200, 190, 175)
    document.rect(left, top, width, height)
    offer = coupon.offers.all()[0]
    address = absolute(reverse("catalogue:offer", args=[offer.slug]))
    _qr(document, address, left + width - QR_MM - 5, top + height - QR_MM - 5)
    document.set_xy(left + 5, top + 5)
    document.set_text_color(*INK)
    document.paragraph(strip_controls(offer.title), size=12, width=width - 10)
    document.paragraph(coupon.code, size=18, leading=1.6, width=width - 10)
    document.set_text_color(*FAINT)
    how = _("Put the course into the basket and enter this code at the checkout: there is nothing to pay.")
    document.paragraph(how, size=8.5, width=width - QR_MM - 14)
    document.paragraph(address, size=7, width=width - QR_MM - 14)


def _qr(document: Document, text: str, left: float, top: float) -> None:
    matrix = list(segno.make(text, error="m").matrix)
    size = QR_MM / len(matrix)
    document.set_fill_color(*INK)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                document.rect(left + x * size, top + y * size, size, size, style="F")
