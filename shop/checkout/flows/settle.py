"""What a Checkout Session means for its order, whatever event told us and in whatever order events came.

Callers fetch the session from Stripe outside any transaction; here all consequences happen in one. Everything is
recorded per payment (I22), states only ever move forward, and what was paid is never overwritten.
"""

import logging

from django.db import transaction
from django.db.models import Q

from kit import outbox
from kit.clock import now
from shop.checkout.flows.errors import PersonalOfferGone
from shop.checkout.flows.handover import hand_over
from shop.checkout.flows.hold import hold, not_held
from shop.checkout.flows.personal import claim_personal, give_back_personal, note_personal_paid
from shop.checkout.flows.postings import post_fee, post_sale, post_unplaced_money
from shop.checkout.flows.shares import share_again
from shop.checkout.flows.tell import tell_staff
from shop.checkout.flows.tickets import events_are_over
from shop.invoices.flows import owe_paper
from shop.orders.coupons import CouponUsedUp
from shop.orders.flows import give_back_coupon, return_to_basket, take_coupon_again, take_from_basket
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments.models import Payment
from shop.payments.shapes import Session
from stock.flows import OutOfStock, consume, extend, release

logger = logging.getLogger(__name__)
State = Payment.State


@transaction.atomic
def settle_payment(*, session: Session) -> bool:
    """Bring payment and order to where the session is. False where no payment of ours belongs to it."""
    known = Payment.objects.filter(Q(session_id=session.id) | Q(session_id=None, key=session.payment_key)).first()
    if known is None:
        return False
    order = Order.objects.select_for_update(of=("self",)).get(pk=known.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=known.pk)
    if payment.session_id is None:
        payments.note_session(payment=payment, session=session)
    if payment.state == State.SUCCEEDED:
        payments.note_fee(payment=payment, session=session)
        post_fee(order=order, payment=payment, movement=session.movement)
        share_again(order=order)
    elif session.is_paid:
        _succeed(order, payment, session)
    elif payment.state in Payment.LIVE:
        _move_on(order, payment, session)
    return True


def _move_on(order: Order, payment: Payment, session: Session) -> None:
    """Not paid: under way, failed, expired or still open."""
    if session.is_under_way:
        payments.move_payment(payment=payment, state=State.PROCESSING)
        if order.state == Order.State.AWAITING:
            order.state = Order.State.PROCESSING
            take_from_basket(order=order)
        # A delayed method may take days; the release job asks Stripe again each time this span is over.
        order.hold_until = max(order.hold_until, now() + payments.DELAYED_HOLD)
        order.save(update_fields=["state", "hold_until"])
        extend(holder=order.holder, expires_at=order.hold_until)
    elif session.has_failed or session.status == "expired":
        payments.move_payment(payment=payment, state=State.FAILED if session.has_failed else State.EXPIRED)
        if end_unpaid(order_id=order.pk) and session.has_failed:
            outbox.write(topic="order.unpaid.mail", key=f"payment:{payment.pk}", payload={"order": order.pk})


@transaction.atomic
def end_unpaid(*, order_id: int) -> bool:
    """End an order that waits for nothing any more and give back what it held, exactly once. Whether it ended now.

    The buyer may still pay later: `begin_payment` reserves anew. Only call it when every payment page was read back.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    if order.state not in (Order.State.AWAITING, Order.State.PROCESSING):
        return False
    if order.payments.filter(state__in=Payment.LIVE).exists():
        return False
    order.state, order.ended_at = Order.State.EXPIRED, now()
    order.save(update_fields=["state", "ended_at"])
    return_to_basket(order=order)
    give_back_personal(order)
    give_back_coupon(order=order)
    release(holder=order.holder)
    logger.info("order ended unpaid", extra={"order": order.number})
    return True


def _succeed(order: Order, payment: Payment, session: Session) -> None:
    """The money is there. Fulfil the order, or put the money aside: for a reviewer, or to be sent back at once."""
    asked = (payment.amount, payment.currency)
    payments.record_payment(payment=payment, session=session)
    logger.info("payment received", extra={"order": order.number, "payment": payment.pk})
    adds_up = payment.method == Payment.Method.BANK and order.state == Order.State.REVIEW  # bank.py looks at the sum
    if adds_up or (session.amount, session.currency) != asked or asked != (order.total, order.currency):
        _put_aside(order, payment, session)
        _send_to_review(order)
    elif order.state in (Order.State.PAID, Order.State.CANCELLED, Order.State.REVIEW) or not hold_all(order):
        _put_aside(order, payment, session)
        _send_back(order, payment)
    else:
        post_sale(order=order, payment=payment)
        post_fee(order=order, payment=payment, movement=session.movement)
        mark_paid(order)


@transaction.atomic
def settle_free(*, order: Order) -> bool:
    """Hand over an order that costs nothing: no payment, no entry in the books. The order must be locked and payable.

    False where its hold has ended and something in it is gone.
    """
    if order.total or not hold_all(order):
        return False
    mark_paid(order)
    return True


def _put_aside(order: Order, payment: Payment, session: Session) -> None:
    post_unplaced_money(order=order, payment=payment)
    post_fee(order=order, payment=payment, movement=session.movement)


def hold_all(order: Order) -> bool:
    """Whether everything in the order is held: still, or once more because stock and coupon allow (a payment came late);
    and no event in it is over.
    """
    if events_are_over(order):
        return False
    try:
        with transaction.atomic():
            claim_personal(order)
            take_coupon_again(order=order)
            hold(order=order, demand=not_held(order), expires_at=now())
    except (OutOfStock, CouponUsedUp, PersonalOfferGone):
        return False
    return True


def mark_paid(order: Order) -> None:
    """Its money is there and in the books, and everything is held: the order is paid, handed over, and due an invoice."""
    order.state, order.paid_at, order.ended_at = Order.State.PAID, now(), None
    order.save(update_fields=["state", "paid_at", "ended_at"])
    note_personal_paid(order)
    consume(holder=order.holder)
    hand_over(order=order)
    owe_paper(order=order, source=order.holder)


def _send_to_review(order: Order) -> None:
    """What was paid is not what was asked. Nothing is handed over; what is held stays held until staff decide."""
    if order.state != Order.State.PAID:
        order.state = Order.State.REVIEW
        order.save(update_fields=["state"])
    logger.error("amount or currency differs from the order", extra={"order": order.number})
    tell_staff(order=order, kind="mismatch", key=f"mismatch:{order.pk}")


def _send_back(order: Order, payment: Payment) -> None:
    """One refund of all of it, by a key of its own; the call to Stripe follows after commit."""
    refund = payments.start_refund(
        payment=payment, amount=payment.amount, reason="could not be fulfilled", key=f"auto:{payment.key}"
    )
    transaction.on_commit(lambda: queue_refund(refund.pk))
    payload = {"order": order.pk, "by_bank": payment.method == Payment.Method.BANK}
    outbox.write(topic="order.unfulfilled.mail", key=f"payment:{payment.pk}", payload=payload)
    tell_staff(order=order, kind="unfulfilled", key=f"unfulfilled:{payment.pk}")


def queue_refund(refund_id: int) -> None:
    """Let a worker send a refund that is committed; the sweep does where the broker is away."""
    from shop.checkout.tasks import send_refund  # tasks import this module

    try:
        send_refund.apply_async(args=[refund_id], retry=False)
    except Exception:
        logger.warning("broker unreachable, refund left to the sweep", extra={"refund": refund_id})
