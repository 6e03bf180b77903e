"""What a coupon takes off, as plain arithmetic and plain questions; who has used it is asked in shop.orders.coupons."""

import re
import unicodedata
from collections.abc import Sequence

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Replace

from kit.money import coin, split_by_weight
from shop.catalogue.models import Coupon, CouponSum

_CODE = re.compile(r"[\w-]{3,40}")
_DASHES = re.compile(r"[-\u2010-\u2015\u2212]")


def tidy_code(text: str) -> str:
    """A code as it is stored: capitals, no spaces, full-width letters narrow. '' where it can be no code."""
    code = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return code if _CODE.fullmatch(code) else ""


def coupons_named(text: str) -> QuerySet[Coupon]:
    """The coupon that somebody means who may have left out, or put in, hyphens and spaces; exactly that one first."""
    plain = _DASHES.sub("", "".join(unicodedata.normalize("NFKC", text).split()).upper())
    if not plain or len(plain) > 40:
        return Coupon.objects.none()
    rows = Coupon.objects.annotate(plain=Replace("code", Value("-"), Value(""))).filter(plain=plain)
    return rows.order_by(Case(When(code=tidy_code(text), then=0), default=1), "pk")


def covered_offers(coupon: Coupon, offers: Sequence[int]) -> set[int]:
    """Which of these offers' ids it takes something off."""
    return set(offers) if coupon.everything else set(coupon.offers.filter(pk__in=offers).values_list("pk", flat=True))


def sum_in(coupon: Coupon, currency: str) -> CouponSum | None:
    """What it takes off and wants in a currency; None where it does not hold in that currency.

    A percentage without any sums holds in every currency, and wants nothing.
    """
    sums = list(coupon.sums.all())
    if not sums and coupon.percent:
        return CouponSum(coupon=coupon, currency=currency)
    return next((row for row in sums if row.currency == currency), None)


def spread(percent: int | None, off: int, amounts: Sequence[int], currency: str) -> list[int]:
    """What is taken off each line of these amounts: `percent` (basis points) of all, or `off`, never more than there is.

    The shares are steps of the currency (kit.money.coin) and sum to the whole exactly (largest remainder).
    """
    unit, whole = coin(currency, off, *amounts), sum(amounts)
    taken = min(whole * percent // 10_000 if percent else off, whole) // unit
    if not taken:
        return [0] * len(amounts)
    return [unit * units for units in split_by_weight(taken, [amount // unit for amount in amounts])]
