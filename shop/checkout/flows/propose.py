"""What the order's own refund policy says should come back now, and why; in the language of whoever asks."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from courses.reads.opened import lessons_opened
from kit.clock import now
from kit.money import coin
from shop.catalogue.policies import UNOPENED, WHOLE, Policy, Ruling, rule_on_course, rule_on_kit, rule_on_ticket
from shop.catalogue.policy_words import reason_of
from shop.checkout.flows.settle_refund import net_and_tax_of
from shop.fulfilment.models import Return
from shop.orders.models import Order, OrderComponent
from shop.orders.policies import has_consented, policy_of
from shop.payments.reads import parts_left, shipping_left


@dataclass(frozen=True)
class Proposal:
    """`parts`: component → (net, tax), `shipping` minor units; `reasons`: (title of the part, why so much)."""

    parts: dict[OrderComponent, tuple[int, int]]
    shipping: int
    reasons: list[tuple[str, str]]

    @property
    def reason(self) -> str:
        """All of them in one line, as it fits a refund's reason."""
        return "; ".join(f"{title}: {why}" for title, why in self.reasons)[:300]


def propose_refund(*, order: Order, condition: str = UNOPENED, keeps_course: bool = False) -> Proposal:
    """What comes back for a paid order whose kit is in `condition` (catalogue.policies); the course stays with `keeps_course`."""
    parts: dict[OrderComponent, tuple[int, int]] = {}
    reasons, rulings = [], []
    for part, left in parts_left(order).items():
        if part.kind == "seat" and keeps_course:
            continue
        policy = policy_of(order, part.line.offer_id)
        if part.kind == "ticket":
            ruling, why = _on_ticket(order, part, policy)
        else:
            ruling, why = _on_course(order, part, policy) if part.kind == "seat" else _on_kit(order, part, policy, condition)
        parts[part] = _share(part, left, ruling.percent, order.currency)
        reasons.append((part.title, why))
        rulings.append((part, policy, ruling))
    shipping = sum(shipping_left(order)) if _delivery_comes_back(rulings, keeps_course) else 0
    if shipping:
        reasons.append((_("Delivery"), _("it comes back with the rest")))
    return Proposal({part: given for part, given in parts.items() if sum(given)}, shipping, reasons)


def _on_course(order: Order, part: OrderComponent, policy: Policy) -> tuple[Ruling, str]:
    opened, lessons = lessons_opened(source=order.holder, cohort=part.component.cohort)
    since = now() - (order.paid_at or now())
    ruling = rule_on_course(policy, since_paid=since, opened=opened, lessons=lessons, consented=has_consented(order))
    return ruling, reason_of(ruling, policy, opened=opened, lessons=lessons)


def _on_ticket(order: Order, part: OrderComponent, policy: Policy) -> tuple[Ruling, str]:
    """A cancelled event gives everything back; one that has begun, nothing."""
    event = part.component.event
    assert event is not None
    since = now() - (order.paid_at or now())
    ruling = rule_on_ticket(policy, since_paid=since, cancelled=event.cancelled_at is not None, begun=event.starts_at <= now())
    return ruling, reason_of(ruling, policy)


def _on_kit(order: Order, part: OrderComponent, policy: Policy, condition: str) -> tuple[Ruling, str]:
    since = _since_delivered(order, part)
    ruling = rule_on_kit(policy, was_sent=part.shipped > 0, since_delivered=since, condition=condition)
    return ruling, reason_of(ruling, policy)


def _since_delivered(order: Order, part: OrderComponent) -> timedelta | None:
    """From delivery to when its return was asked for, or to now; None before delivery."""
    delivered = order.shipments.filter(lines__component=part).aggregate(last=Max("delivered_at"))["last"]
    asked = Return.objects.filter(component=part).order_by("requested_at").values_list("requested_at", flat=True).first()
    return delivered and max((asked or now()) - delivered, timedelta(0))


def _share(part: OrderComponent, left: tuple[int, int], percent: int, currency: str) -> tuple[int, int]:
    """`percent` of what it cost in the currency's steps (half up), less what was given back before."""
    unit = coin(currency, part.net + part.tax)
    wanted = (2 * (part.net + part.tax) * percent + WHOLE * unit) // (2 * WHOLE * unit) * unit
    given = part.net + part.tax - sum(left)
    return net_and_tax_of(min(max(wanted - given, 0), sum(left)), *left)


def _delivery_comes_back(rulings: list[tuple[OrderComponent, Policy, Ruling]], keeps_course: bool) -> bool:
    """Goods that never left were not delivered; afterwards only with everything, in time, where that was promised."""
    goods = [(part, policy) for part, policy, _ruling in rulings if part.kind == "stock"]
    if not goods or any(ruling.percent < WHOLE for part, _policy, ruling in rulings if part.kind == "stock"):
        return False
    if all(part.shipped == 0 for part, _policy in goods):
        return True
    whole = not keeps_course and all(ruling.percent == WHOLE for _part, _policy, ruling in rulings)
    return whole and all(policy.delivery_back for _part, policy in goods)
