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
from shop.payments.reads import refundable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Acceptance:
    """What accepting means, in minor units of the order's currency."""

    payment: Payment
    asked: int

    @property
    def paid(self) -> int:
        return self.payment.amount

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
    payment = order.payments.filter(state=Payment.State.SUCCEEDED).order_by("settled_at", "pk").first()
    if payment is None or refundable(payment) < payment.amount:
        raise CannotAccept(_("The payment has been sent back, so there is nothing to accept."))
    if payment.disputes.filter(state__in=Dispute.OPEN | Dispute.INQUIRY).exists():
        raise CannotAccept(_("The buyer's bank disputes this payment: it decides where the money goes."))
    if payment.currency != order.currency:
        raise CannotAccept(_("It was paid in another currency. Please refund it and ask the buyer to order again."))
    try:
        check_amount(payment.amount, payment.currency)
    except ValueError as error:
        raise CannotAccept(str(error)) from error
    return Acceptance(payment, order.total)


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
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=plan.payment.pk)
    if not hold_all(row):
        raise CannotAccept(_("Something in this order is no longer to be had. Please refund it."))
    if plan.missing:
        lower_order(order=row, total=plan.paid)
    post_accepted(order=row, payment=payment)
    audit.record(
        actor=actor,
        action="order.accepted",
        target=row.holder,
        before={"state": str(Order.State.REVIEW), "total": plan.asked},
        after={"state": str(Order.State.PAID), "total": row.total, "paid": plan.paid, "currency": row.currency},
        reason=reason,
    )
    mark_paid(row)
    if plan.surplus:
        _give_surplus_back(payment, plan.surplus, actor)
    logger.info("order accepted in review", extra={"order": row.number})
    return row


def _give_surplus_back(payment: Payment, surplus: int, actor: Any) -> None:
    """By a key of its own; it names no parts, so nothing ends with it. The call to Stripe follows after commit."""
    key = f"surplus:{payment.key}"
    refund = payments.start_refund(payment=payment, amount=surplus, actor=actor, reason="paid more than asked", key=key)
    transaction.on_commit(lambda: queue_refund(refund.pk))
