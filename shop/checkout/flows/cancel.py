"""A buyer who changes their mind before the parcel leaves: unpaid orders end, paid ones are refunded in full."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from courses.reads.opened import lessons_opened
from kit import audit
from kit.clock import now
from shop.checkout.flows.errors import CannotCancel, PaymentUnavailable
from shop.checkout.flows.expire import expire_order
from shop.checkout.flows.handover import take_back_free
from shop.checkout.flows.refund import refund_order
from shop.orders.flows import give_back_coupon
from shop.orders.models import Order, OrderComponent
from shop.orders.policies import has_consented, policy_of
from shop.payments.models import Dispute, Refund
from shop.payments.stripe import StripeUnavailable


def cancelling_means(order: Order) -> str:
    """What cancelling would do for the buyer now: "nothing_charged", "money_back", "free" (it cost nothing, what it gave
    ends), or "" where it cannot be done.

    Money comes back within the days that were promised, as long as no piece has left the house, and no lesson was opened
    where the buyer had agreed to begin at once.
    """
    if order.state == Order.State.AWAITING or (order.state == Order.State.PROCESSING and "transfer" in order.terms):
        return "nothing_charged"
    if order.state != Order.State.PAID or order.paid_at is None:
        return ""
    if now() > order.paid_at + timedelta(days=order.terms.get("refund_days", 0)) or _began_at_once(order) or _event_began(order):
        return ""
    touched = OrderComponent.objects.exclude(shipped=0, refunded_net=0, refunded_tax=0).filter(line__order=OuterRef("pk"))
    refunds = Refund.objects.filter(payment__order=OuterRef("pk"), state__in=Refund.LIVE)
    disputes = Dispute.objects.filter(payment__order=OuterRef("pk"), state__in=Dispute.OPEN)
    bound = Order.objects.filter(Exists(touched) | Exists(refunds) | Exists(disputes), pk=order.pk)
    if bound.exists():
        return ""
    return "money_back" if order.total else "free"


def _began_at_once(order: Order) -> bool:
    if not has_consented(order):
        return False
    seats = OrderComponent.objects.filter(line__order=order, kind="seat").select_related("line", "component__cohort")
    bound = [seat for seat in seats if policy_of(order, seat.line.offer_id).digital_consent]
    return any(lessons_opened(source=order.holder, cohort=seat.component.cohort)[0] for seat in bound)


def _event_began(order: Order) -> bool:
    """A seat that was kept until the event began is not given back any more; one of a cancelled event is."""
    begun = OrderComponent.objects.filter(line__order=order, kind="ticket", component__event__starts_at__lte=now())
    return begun.filter(component__event__cancelled_at=None).exists()


def cancel_order(*, order: Order, actor: Any) -> str:
    """End an unpaid order, or refund a paid one of which nothing has left. What it meant, as `cancelling_means` says.

    Raises CannotCancel with a text for the buyer, also where the payment arrived at that very moment (pressing again
    then refunds it); PaymentUnavailable where Stripe does not answer: nothing has changed. A refund that Stripe does
    not answer is sent again by itself (RefundDelayed).
    """
    means = cancelling_means(order)
    if means == "nothing_charged":
        _end_unpaid(order, actor)
    elif means == "free":
        _end_free(order, actor)
    elif means == "money_back":
        # One key an order: a second press, or two at once, are the same refund.
        refund_order(order=order, actor=actor, reason=_("Cancelled by the buyer"), key=f"cancel:{order.number}")
    else:
        raise CannotCancel(_("This order cannot be cancelled any more. Write to us, or ask for a return when it arrives."))
    return means


@transaction.atomic
def _end_free(order: Order, actor: Any) -> None:
    """Nothing was paid, so no refund says what ends: seats, goods, gift and the coupon's use follow the order itself."""
    locked = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if cancelling_means(locked) != "free":
        raise CannotCancel(_("This order cannot be cancelled any more. Write to us, or ask for a return when it arrives."))
    before, locked.state, locked.ended_at = locked.state, Order.State.CANCELLED, now()
    locked.save(update_fields=["state", "ended_at"])
    give_back_coupon(order=locked)
    take_back_free(order=locked)
    audit.record(actor=actor, action="order.cancelled", target=locked.holder, before=before, after=locked.state)


def _end_unpaid(order: Order, actor: Any) -> None:
    try:
        expire_order(order_id=order.pk, at_once=True)
    except StripeUnavailable as error:
        text = _("The payment service does not answer at the moment. Nothing has changed: please try again in a minute.")
        raise PaymentUnavailable(text) from error
    with transaction.atomic():
        locked = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if locked.state != Order.State.EXPIRED:
            raise CannotCancel(_("A payment for this order has just arrived. Please look at it once more."))
        before, locked.state = order.state, Order.State.CANCELLED
        locked.save(update_fields=["state"])
        audit.record(actor=actor, action="order.cancelled", target=locked.holder, before=before, after=locked.state)
