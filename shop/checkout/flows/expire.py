"""Holds that ran out. What an order holds is given back only after its payment page was closed and read back."""

import logging

from django.db import transaction

from kit.clock import now
from shop.checkout.flows.settle import end_unpaid, settle_payment
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments import stripe
from shop.payments.models import Payment
from shop.payments.shapes import Session

logger = logging.getLogger(__name__)
UNPAID = (Order.State.AWAITING, Order.State.PROCESSING)


def release_expired_orders(*, limit: int = 200) -> int:
    """End the unpaid orders whose hold has run out; how many were ended. Where Stripe is silent, the next run tries again."""
    due = Order.objects.filter(state__in=UNPAID, hold_until__lte=now()).order_by("hold_until")
    ended = 0
    for order_id in due.values_list("pk", flat=True)[:limit]:
        try:
            ended += expire_order(order_id=order_id)
        except stripe.StripeUnavailable:
            logger.warning("an order's hold could not be ended yet", extra={"order_id": order_id})
            break
    return ended


def expire_order(*, order_id: int, at_once: bool = False) -> bool:
    """Close the order's payment pages, read them back, and end the order if none was paid. Whether it was ended.

    `at_once` does not wait for the hold to run out. A page that turns out to be paid settles the order instead.
    Raises StripeUnavailable.
    """
    live = list(Payment.objects.filter(order=order_id, state__in=Payment.LIVE).select_related("order"))
    closed = {payment.pk: _close(payment) for payment in live}
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.state not in UNPAID or not (at_once or order.hold_until <= now()):
            return False
        if Payment.objects.filter(order=order, state__in=Payment.LIVE).exclude(pk__in=closed).exists():
            return False  # the buyer has just begun another attempt
        for payment in live:
            session = closed[payment.pk]
            if session is None:
                payments.move_payment(payment=payment, state=Payment.State.EXPIRED)
            else:
                settle_payment(session=session)
        return end_unpaid(order_id=order_id) or Order.objects.filter(pk=order_id, state=Order.State.EXPIRED).exists()


def _close(payment: Payment) -> Session | None:
    """What became of the attempt's page, closed if it was open; None where Stripe never had it, or it is a transfer."""
    if payment.method == Payment.Method.BANK:
        return None
    if payment.session_id:
        session: Session | None = stripe.read_session(payment.session_id)
    else:
        session = stripe.find_session(payment.key, email=payment.order.email)
    if session is not None and session.status == "open":
        return stripe.expire_session(session.id)
    return session
