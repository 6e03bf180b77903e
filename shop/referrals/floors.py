"""An agreement's price floors against our own offers and coupons: what we ask of referrers we keep ourselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from kit.clock import now
from shop.catalogue.models import Coupon, Offer, Price
from shop.referrals.models import Programme
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class Breach:
    """An offer sold for less than the floor; `coupon` is what makes it so, None for the price itself. Minor units."""

    offer: Offer
    currency: str
    price: int
    floor: int
    coupon: Coupon | None = None


def breaches(programme: Programme, rules: Rules) -> list[Breach]:
    """Prices below the everyday floor, and coupons that bring one below the campaign floor (else the everyday one).

    Over the programme's offer, or over all live ones without a programme of their own. Four queries.
    """
    moment = now()
    live = Offer.objects.filter(state=Offer.State.LIVE)
    offers = live.filter(pk=programme.offer_id) if programme.offer_id else live.filter(programme=None)
    prices = Price.objects.filter(Q(valid_to=None) | Q(valid_to__gt=moment), offer__in=offers, valid_from__lte=moment)
    coupons = list(
        Coupon.objects.filter(Q(valid_to=None) | Q(valid_to__gt=moment), paused_at=None, batch="", valid_from__lte=moment)
        .prefetch_related("sums", "offers")
        .order_by("code")
    )
    found = []
    for price in prices.select_related("offer").order_by("offer__title", "currency"):
        found += _of(price, coupons, rules)
    return found


def _of(price: Price, coupons: Iterable[Coupon], rules: Rules) -> list[Breach]:
    everyday = rules.floors.get("everyday", {}).get(price.currency, 0)
    campaign = rules.floors.get("campaign", {}).get(price.currency, everyday)
    found = [Breach(price.offer, price.currency, price.amount, everyday)] if price.amount < everyday else []
    for coupon in coupons:
        if coupon.everything or price.offer in coupon.offers.all():
            left = price.amount - _off(coupon, price)
            if left < campaign and left < price.amount:
                found.append(Breach(price.offer, price.currency, left, campaign, coupon))
    return found


def _off(coupon: Coupon, price: Price) -> int:
    """What it takes off one piece at this price; nothing where too little is bought for it."""
    sums = next((row for row in coupon.sums.all() if row.currency == price.currency), None)
    if sums is not None and price.amount < sums.least:
        return 0
    if coupon.percent is not None:
        return price.amount * coupon.percent // 10_000
    return min(price.amount, sums.off) if sums else 0
