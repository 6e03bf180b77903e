"""What a course brought in, offer by offer, for whoever may see its income."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Sum

from courses.permissions import Can, actions_of
from shop.catalogue.models import Offer
from shop.orders.models import Order, OrderComponent


@dataclass(frozen=True)
class OfferIncome:
    """Paid orders of an offer in one currency; `paid` and `refunded` in minor units, tax included."""

    offer: Offer
    currency: str
    orders: int
    paid: int
    refunded: int

    @property
    def kept(self) -> int:
        return self.paid - self.refunded


def course_income(course: Any) -> list[OfferIncome]:
    """The newest offer first. Two queries for any number of orders."""
    offers = {offer.pk: offer for offer in Offer.objects.filter(course=course)}
    parts = OrderComponent.objects.filter(line__offer__in=offers, line__order__state=Order.State.PAID)
    sums = (
        parts.order_by()
        .values("line__offer", "line__order__currency")
        .annotate(
            orders=Count("line__order", distinct=True),
            paid=Sum(F("net") + F("tax")),
            refunded=Sum(F("refunded_net") + F("refunded_tax")),
        )
    )
    rows = [
        OfferIncome(offers[row["line__offer"]], row["line__order__currency"], row["orders"], row["paid"], row["refunded"])
        for row in sums
    ]
    return sorted(rows, key=lambda row: (-row.offer.pk, row.currency))


def fill_course_money(request: Any, course: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot teach.course: the way to the course's money, for whose role allows it. One query at most."""
    if actions_of(request.user, course) & {Can.SEE_INCOME, Can.SET_PRICE}:
        return "shop/course_money_link.html", {"course": course}
    return None
