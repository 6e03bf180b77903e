"""What the shelf says about an offer, in words."""

from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kit.clock import zone
from kit.money import format_money
from shop.catalogue.models import Component, Price, Sku
from shop.catalogue.reads import Ware

FEW = 5


def price_text(ware: Ware) -> str:
    """`¥599`, `US$40 plus tax`, or ''."""
    if ware.price is None:
        return ""
    return _amount_text(ware.price)


def other_prices(ware: Ware) -> list[tuple[str, str]]:
    """(currency, `NT$2,690`) of every other currency that the offer is sold in."""
    return [(price.currency, _amount_text(price)) for price in ware.prices if price != ware.price]


def _amount_text(price: Price) -> str:
    amount = format_money(price.amount, price.currency)
    return amount if price.tax_inclusive else _("%(price)s plus tax") % {"price": amount}


def stock_text(ware: Ware) -> str:
    """How it stands: `Only 2 left`, `18 seats left`, `Sold out`, `On sale from 1 December` …

    Seats are spoken of only where they are what runs out first: with 20 seats and 8 kits, 8 can be had.
    """
    if ware.state == "sold_out":
        return _("This class is full") if ware.scarce_seats else _("Sold out")
    if ware.state == "soon" and ware.offer.sale_from:
        moment = timezone.localtime(ware.offer.sale_from)
        return _("On sale from %(date)s") % {"date": date_format(moment, "DATETIME_FORMAT")}
    if ware.state == "paused" and ware.away_until:
        return _("On sale again from %(day)s") % {"day": date_format(ware.away_until)}
    if ware.state == "closed":
        return _("No longer for sale")
    if ware.state == "draft":
        return _("Not for sale yet")
    if ware.free is None:
        return ""
    if ware.free <= FEW:
        return ngettext("Only %(count)s left", "Only %(count)s left", ware.free) % {"count": ware.free}
    if ware.scarce_seats or (ware.tickets and not ware.goods):
        return ngettext("%(count)s seat left", "%(count)s seats left", ware.free) % {"count": ware.free}
    if ware.seats:
        return ngettext("%(count)s to be had", "%(count)s to be had", ware.free) % {"count": ware.free}
    return _("In stock")


def paused_text(day: date) -> str:
    """What somebody reads who was about to pay while the seller's sales pause."""
    return _("Sales pause until %(day)s. Nothing is charged, and nothing can be paid before.") % {"day": date_format(day)}


def stock_tone(ware: Ware) -> str:
    """The badge's tone for stock_text."""
    if ware.state in {"sold_out", "closed", "draft"}:
        return "night"
    if ware.state in {"soon", "paused"}:
        return "info"
    return "accent" if ware.free is not None and ware.free <= FEW else "leaf"


def class_dates(part: Component) -> str:
    """`1 Dec – 30 Dec 2026` of a seat's class; its own local days."""
    cohort = part.cohort
    if cohort is None:
        return ""
    first, last = (date_format(day, "DATE_FORMAT") for day in (cohort.starts_on, cohort.ends_on))
    return _("%(first)s – %(last)s") % {"first": first, "last": last}


def zone_text(part: Component) -> str:
    """The class's time zone as people say it: `Taipei time`."""
    if part.cohort is None:
        return ""
    city = zone(part.cohort.time_zone).key.rsplit("/", 1)[-1].replace("_", " ")
    return _("%(city)s time") % {"city": city}


def packed_text(sku: Sku) -> str:
    """`62 × 23 × 11 cm, 1.5 kg`: packed size and weight."""
    sides = " × ".join(_tenths(side) for side in (sku.length_mm, sku.width_mm, sku.height_mm))
    grams = f"{sku.weight_g} g" if sku.weight_g < 1000 else f"{_tenths(sku.weight_g // 10 // 10)} kg"
    return f"{sides} cm, {grams}"


def _tenths(value: int) -> str:
    """623 → `62.3`, 620 → `62`."""
    whole, rest = divmod(value, 10)
    return f"{whole}.{rest}" if rest else str(whole)
