"""Staff accept an order whose payment differs from what was asked: it costs what was paid, and settles as paid.

Paid less: the order is lowered to that, so that every share, refund and commission counts from real money (I1, I7, I9).
Paid more: the order stays as it is and the surplus goes back to the buyer. Another currency cannot be accepted (I8).
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from kit.money import check_amount
from shop.checkout.flows.errors import CannotAccept
from shop.checkout.flows.postings import post_accepted
from shop.checkout.flows.settle import hold_all, mark_paid, queue_refund
from shop.orders.flows import lower_order
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments.models import Dispute, Payment
from shop.payments.reads import paying, refundable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Acceptance:
    """What accepting means, in minor units of the order's currency. `payment` is the last one; transfers add up to `paid`."""

    payment: Payment
    asked: int
    paid: int

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.paid)

    @property
    def surplus(self) -> int:
        return max(0, self.paid - self.asked)


def preview_acceptance(*, order: Order) -> Acceptance:
    """What accepting this order would do. Changes nothing. Raises CannotAccept."""
    if order.state != Order.State.REVIEW:
        raise CannotAccept(_("This order does not wait for a decision."))
    received = paying(order)
    paid = sum(refundable(payment) for payment in received)
    if not paid or (received[0].method == Payment.Method.STRIPE and paid < received[0].amount):
        raise CannotAccept(_("The payment has been sent back, so there is nothing to accept."))
    payment = received[-1]
    if payment.disputes.filter(state__in=Dispute.OPEN | Dispute.INQUIRY).exists():
        raise CannotAccept(_("The buyer's bank disputes this payment: it decides where the money goes."))
    if payment.currency != order.currency:
        raise CannotAccept(_("It was paid in another currency. Please refund it and ask the buyer to order again."))
    try:
        check_amount(paid, payment.currency)
    except ValueError as error:
        raise CannotAccept(str(error)) from error
    return Acceptance(payment, order.total, paid)


@transaction.atomic
def accept_order(*, order: Order, actor: Any, reason: str) -> Order:
    """Settle an order in review as paid, and hand everything over. Repeating it changes nothing.

    Raises CannotAccept where it does not wait for a decision, its payment was sent back, is disputed or in another
    currency, or something in it is no longer to be had.
    """
    row = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if row.state == Order.State.PAID:
        return row
    plan = preview_acceptance(order=row)
    if not hold_all(row):
        raise CannotAccept(_("Something in this order is no longer to be had. Please refund it."))
    if plan.missing:
        lower_order(order=row, total=plan.paid)
    audit.record(
        actor=actor,
        action="order.accepted",
        target=row.holder,
        before={"state": str(Order.State.REVIEW), "total": plan.asked},
        after={"state": str(Order.State.PAID), "total": row.total, "paid": plan.paid, "currency": row.currency},
        reason=reason,
    )
    _place(row, plan, actor)
    logger.info("order accepted in review", extra={"order": row.number})
    return row


def settle_sum(*, order: Order, actor: Any) -> bool:
    """Transfers that reach the order's total together pay it, what is beyond goes back. Whether they did.

    The order must be locked. Where something in it is gone, it stays in review.
    """
    try:
        plan = preview_acceptance(order=order)
    except CannotAccept:
        return False
    if plan.missing or not hold_all(order):
        return False
    _place(order, plan, actor)
    logger.info("transfers add up to the order", extra={"order": order.number})
    return True


def _place(order: Order, plan: Acceptance, actor: Any) -> None:
    """What waited in suspense pays the order."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=plan.payment.pk)
    post_accepted(order=order, payment=payment)
    mark_paid(order)
    if plan.surplus:
        _give_surplus_back(payment, min(plan.surplus, refundable(payment)), actor)


def _give_surplus_back(payment: Payment, surplus: int, actor: Any) -> None:
    """By a key of its own; it names no parts, so nothing ends with it. The call to Stripe follows after commit."""
    key = f"surplus:{payment.key}"
    refund = payments.start_refund(payment=payment, amount=surplus, actor=actor, reason="paid more than asked", key=key)
    transaction.on_commit(lambda: queue_refund(refund.pk))
