"""Sending a buyer to Stripe's payment page. Our key is stored and committed before Stripe is called."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kit.clock import now
from shop.catalogue.holidays import paused_until
from shop.catalogue.texts import paused_text
from shop.checkout.flows.errors import CannotPay, PaymentUnavailable, PersonalOfferGone, SoldOut
from shop.checkout.flows.hold import hold, not_held
from shop.checkout.flows.personal import claim_personal
from shop.checkout.flows.settle import settle_free, settle_payment
from shop.orders.coupons import CouponUsedUp
from shop.orders.flows import take_coupon_again
from shop.orders.links import absolute, cancel_path, done_path
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments import stripe
from shop.payments.models import Payment
from shop.payments.shapes import Session
from stock.flows import OutOfStock, extend

logger = logging.getLogger(__name__)
LAST_CALL = timedelta(hours=24)
SPARE = timedelta(minutes=1)


def begin_payment(*, order: Order) -> str:
    """The address to send the buyer to. Pressing twice gives the same page.

    Raises CannotPay where the order is paid, closed or being checked, SoldOut where its hold ended and nothing is
    left, PaymentUnavailable where Stripe does not answer within settings.STRIPE_TIMEOUT_SECONDS: the order is kept.
    An order of which a coupon has taken everything off is settled at once: Stripe hears nothing of it.
    """
    if order.total == 0:
        return _settle_free(order)
    try:
        for _attempt in range(3):
            payment = _attempt_of(order.pk)
            if payment.state == Payment.State.OPEN:
                return payment.url
            session = _open_page(payment)
            if session is not None and session.status == "open":
                return session.url
            if session is not None and settle_payment(session=session) and session.is_paid:
                return absolute(done_path(order))
    except stripe.StripeUnavailable as error:
        logger.warning("Stripe did not answer", extra={"order": order.number})
        text = _("The payment service does not answer at the moment. Your order is kept: please try again in a minute.")
        raise PaymentUnavailable(text) from error
    raise CannotPay(_("This order cannot be paid at the moment."))


def _settle_free(order: Order) -> str:
    with transaction.atomic():
        locked = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if locked.state != Order.State.PAID:
            check_payable(locked)
            if not settle_free(order=locked):
                raise SoldOut(_("Your reservation has ended and something in this order is sold out. You were not charged."))
    return absolute(done_path(order))


@transaction.atomic
def _attempt_of(order_id: int) -> Payment:
    """The attempt to go on with, or a new one with a fresh hold on everything."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    check_payable(order)
    live = order.payments.filter(state__in=[Payment.State.STARTED, Payment.State.OPEN]).order_by("-pk").first()
    if live is not None and (live.state == Payment.State.STARTED or live.expires_at > now() + SPARE):
        return live
    payment = payments.start_payment(order=order, return_url=absolute(done_path(order)))
    hold_until = payment.expires_at + payments.GRACE
    if order.state == Order.State.EXPIRED:
        reopen(order)
    order.hold_until = max(order.hold_until, hold_until)
    order.terms.pop("transfer", None)
    order.save(update_fields=["state", "ended_at", "hold_until", "terms"])
    extend(holder=order.holder, expires_at=order.hold_until)
    return payment


def check_payable(order: Order) -> None:
    """Raises CannotPay with the reason."""
    if order.state == Order.State.PAID:
        raise CannotPay(_("This order is paid already."))
    if order.state == Order.State.PROCESSING:
        raise CannotPay(_("Your payment is under way. We will write to you as soon as it has arrived."))
    if order.state not in (Order.State.AWAITING, Order.State.EXPIRED) or now() > order.placed_at + LAST_CALL:
        raise CannotPay(_("This order is closed. Please order again."))
    if day := paused_until(order.lines.values_list("offer__seller", flat=True)):
        raise CannotPay(paused_text(day))


def reopen(order: Order) -> None:
    """Hold everything once more, all or nothing. Raises SoldOut, and CannotPay where its coupon is used up."""
    try:
        claim_personal(order)
        take_coupon_again(order=order)
        hold(order=order, demand=not_held(order), expires_at=order.hold_until)
    except PersonalOfferGone as refusal:
        raise CannotPay(str(refusal)) from refusal
    except OutOfStock as shortage:
        text = _("Your reservation has ended and something in this order is sold out. You were not charged.")
        raise SoldOut(text) from shortage
    except CouponUsedUp as refusal:
        raise CannotPay(_("The code of this order has been used up meanwhile. Please order again.")) from refusal
    order.state, order.ended_at = Order.State.AWAITING, None


def _open_page(payment: Payment) -> Session | None:
    """Stripe's page for this attempt; None where the attempt is too old to be sent again and never arrived."""
    order = payment.order
    if now() - payment.created_at < payments.RETRY_SPAN:
        try:
            session = stripe.create_session(_request(payment, order))
        except stripe.StripeRefused as error:
            payments.move_payment(payment=payment, state=Payment.State.FAILED)
            logger.error("Stripe refused a session", extra={"order": order.number, "stripe_code": str(error)})
            raise CannotPay(_("The payment service refused this order. We have been told and will look at it.")) from error
    else:
        found = stripe.find_session(payment.key, email=order.email)
        if found is None:
            payments.move_payment(payment=payment, state=Payment.State.EXPIRED)
            return None
        session = found
    _note(payment, session)
    return session


@transaction.atomic
def _note(payment: Payment, session: Session) -> None:
    Order.objects.select_for_update(of=("self",)).get(pk=payment.order_id)
    payments.note_session(payment=Payment.objects.get(pk=payment.pk), session=session)


def _request(payment: Payment, order: Order) -> stripe.SessionRequest:
    """The same for every try of the same attempt."""
    return stripe.SessionRequest(
        key=payment.key,
        order_number=order.number,
        currency=payment.currency,
        items=_items(order),
        email=order.email,
        language=order.language,
        expires_at=payment.expires_at,
        success_url=payment.return_url,
        cancel_url=absolute(cancel_path(order)),
    )


def _items(order: Order) -> list[stripe.Item]:
    """The order's lines as the payment page shows them, each with its discount off: they sum to the total (I7)."""
    items = [stripe.Item(f"{line.quantity} × {line.title}", line.net + line.tax) for line in order.lines.order_by("pk")]
    if order.shipping:
        items.append(stripe.Item(_("Delivery"), order.shipping_gross))
    return items
