"""What a class is offered once it has finished: the next course at its own price, what is used up in the kit.

The owner or teacher makes a coupon for members of the class's space, with the offers that it covers. The code may be known
to anyone: the checkout asks whether the buyer is a member (shop.orders.coupons).
"""

from typing import Any

from django.db.models import F, Q

from kit.clock import now
from shop.catalogue.cards import offer_data
from shop.catalogue.models import Coupon, Offer
from shop.catalogue.reads import wares


def fill_certificate_next(request: Any, certificate: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot certificate.next: each offer that can be bought now, with the class's coupon. Silent without any."""
    moment = now()
    coupons = Coupon.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=moment),
        Q(max_uses=None) | Q(used__lt=F("max_uses")),
        space__about=certificate.enrolment.cohort.seat_ref,
        valid_from__lte=moment,
        paused_at=None,
        everything=False,
    )
    pairs = [
        (coupon, offer)
        for coupon in coupons.order_by("-pk").prefetch_related("offers", "sums")
        for offer in coupon.offers.all()
        if offer.state == Offer.State.LIVE
    ]
    found = {ware.offer.pk: offer_data(ware) for ware in wares([offer for _coupon, offer in pairs])} if pairs else {}
    seen: set[int] = set()
    items = []
    for coupon, offer in pairs:
        if offer.pk not in seen and offer.pk in found and found[offer.pk]["buyable"]:
            seen.add(offer.pk)
            items.append({"offer": offer, "data": found[offer.pk], "coupon": coupon})
    return ("shop/alumni.html", {"items": items}) if items else None
