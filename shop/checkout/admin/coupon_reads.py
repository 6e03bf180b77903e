"""What became of coupons. A list costs the same few queries, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet, Sum

from accounts.roles import OWNER, has_role
from kit.clock import now
from shop.catalogue.models import Coupon
from shop.orders.models import CouponUse, Order, OrderComponent, OrderLine


@dataclass
class Result:
    """Sums per currency over paid orders, on the lines it took something off: given away, and kept after refunds."""

    paid: int = 0
    given: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def sums(self) -> list[tuple[str, int, int]]:
        return [(code, self.given[code], self.kept.get(code, 0)) for code in sorted(self.given)]


def coupons_of(user: Any) -> QuerySet[Coupon]:
    """The owner sees all coupons, a teacher those they made. Newest first."""
    rows = Coupon.objects.select_related("maker", "referrer", "space").prefetch_related("offers", "sums").order_by("-pk")
    return rows if has_role(user, OWNER) else rows.filter(maker=user)


def results(coupons: Iterable[Coupon]) -> dict[int, Result]:
    """coupon id → what became of it. Three queries."""
    found = {coupon.pk: Result() for coupon in coupons}
    uses = CouponUse.objects.filter(coupon__in=found, order__state=Order.State.PAID)
    for coupon_id in uses.values_list("coupon", flat=True):
        found[coupon_id].paid += 1
    named = {"coupon": F("order__coupon_use__coupon"), "code": F("order__currency")}
    lines = OrderLine.objects.filter(order__coupon_use__in=uses, discount__gt=0).values(**named)
    for row in lines.annotate(sum=Sum("discount")).order_by():
        found[row["coupon"]].given[row["code"]] = row["sum"]
    named = {"coupon": F("line__order__coupon_use__coupon"), "code": F("line__order__currency")}
    parts = OrderComponent.objects.filter(line__order__coupon_use__in=uses, line__discount__gt=0).values(**named)
    left = F("net") + F("tax") - F("refunded_net") - F("refunded_tax")
    for row in parts.annotate(sum=Sum(left)).order_by():
        found[row["coupon"]].kept[row["code"]] = row["sum"]
    return found


def state_of(coupon: Coupon) -> str:
    """paused | soon | over | used_up | live."""
    if coupon.paused_at:
        return "paused"
    if coupon.valid_from > now():
        return "soon"
    if coupon.valid_to is not None and coupon.valid_to <= now():
        return "over"
    return "used_up" if coupon.max_uses is not None and coupon.used >= coupon.max_uses else "live"
