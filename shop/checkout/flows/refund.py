"""Giving money back; refund_preview.py says beforehand what it costs everybody.

The refund, its lines and its key are stored and committed before Stripe is called; Stripe is called outside any
transaction; what follows from its answer is in settle_refund.py. A call without an answer is sent again by the same key.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit.clock import now
from kit.money import check_amount, format_money
from shop.checkout.flows.errors import CannotRefund, RefundDelayed
from shop.checkout.flows.refund_preview import EVERYTHING, Parts, Preview, left_of, preview_refund
from shop.checkout.flows.settle_refund import refund_refused, settle_refund, share_out
from shop.orders.models import Order
from shop.payments import flows as payments
from shop.payments import stripe
from shop.payments.models import Dispute, Payment, Refund
from shop.payments.reads import paying, refundable
from shop.payments.shapes import RefundFacts

logger = logging.getLogger(__name__)
LOOK_FIRST = timedelta(hours=23)
# A payment, and what it gives back: minor units in all, (net, tax) of delivery, parts.
Share = tuple[Payment, int, tuple[int, int], Parts]


@dataclass(frozen=True)
class Terms:
    """Who gives money back, why, and what the buyer is written (`message`; '': as usual).

    `key` from a form makes a second click the same refund; `left` is what was left to give back (minor units) when the
    person looked: where that has changed since, nothing is refunded.
    """

    actor: Any
    reason: str
    key: str = ""
    message: str = ""
    left: int | None = None


def refund_order(
    *,
    order: Order,
    components: Parts | str = EVERYTHING,
    shipping: int = 0,
    actor: Any,
    reason: str,
    key: str = "",
    message: str = "",
    left: int | None = None,
) -> Refund:
    """Refund parts of an order, or everything that is left with its shipping. Returns the refund as Stripe answered; where
    several transfers paid the order, the first of several refunds.

    `components` maps order components to (net, tax) in minor units, to which `shipping` minor units come; `kit_only(order)`
    gives the goods. `key`, `message` and `left` as in Terms. Raises CannotRefund before Stripe is called (nothing left, a
    dispute is open, more than was captured, changed since), or when Stripe refuses; RefundDelayed where Stripe does not
    answer: it will be sent again.
    """
    refunds = _write_down(order.pk, components, shipping, Terms(actor, reason, key, message, left))
    refund = refunds[0]
    if refund.state != Refund.State.STARTED:
        return refund
    try:
        for row in refunds:
            send_refund(refund_id=row.pk)
    except stripe.StripeUnavailable as error:
        raise RefundDelayed(_("Stripe does not answer. The refund is written down and will be sent again by itself.")) from error
    refund.refresh_from_db()
    if refund.state == Refund.State.FAILED and refund.provider_id is None:
        raise CannotRefund(_("Stripe refused the refund. Nothing has changed."))
    return refund


@transaction.atomic
def _write_down(order_id: int, components: Parts | str, shipping: int, terms: Terms) -> list[Refund]:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    known = Refund.objects.filter(key=terms.key, payment__order=order).first() if terms.key else None
    if known is not None:
        return [known]
    received = _payments_of(order)
    if Dispute.objects.filter(payment__in=received, state__in=Dispute.OPEN).exists():
        raise CannotRefund(_("The buyer's bank disputes this payment: it decides where the money goes."))
    if terms.left is not None and terms.left != left_of(order):
        raise CannotRefund(_("The order has changed since. Please look again before you refund."))
    shares = _shares(order, received, components, shipping)
    return [
        _start(payment, amount, delivery, parts, terms if not number else replace(terms, key="", message=""))
        for number, (payment, amount, delivery, parts) in enumerate(shares)
    ]


def _payments_of(order: Order) -> list[Payment]:
    """The payments that paid the order, locked."""
    received = paying(order)
    if not received:
        raise CannotRefund(_("Nothing was paid for this order."))
    list(Payment.objects.select_for_update(of=("self",)).filter(order=order).order_by("pk"))
    return received


def _shares(order: Order, received: Sequence[Payment], components: Parts | str, shipping: int) -> list[Share]:
    """What was received for an order in review goes back as it is; else what was bought is given up."""
    if order.state != Order.State.REVIEW:
        return _shared(received, preview_refund(order=order, components=components, shipping=shipping))
    whole: list[Share] = [(payment, refundable(payment), (0, 0), {}) for payment in received]
    return [share for share in whole if share[1]] or whole[:1]


def _shared(received: Sequence[Payment], plan: Preview) -> list[Share]:
    """The refund by payment: each gives what it can, the last one the rest, parts and delivery in proportion."""
    left, rest, found = dict(plan.parts), plan.shipping, list[Share]()
    for payment in received[:-1]:
        amount = sum(net + tax for net, tax in left.values()) + sum(rest)
        can = refundable(payment)
        if can >= amount:
            return [*found, (payment, amount, rest, left)]
        if can:
            parts, delivery = share_out(left, rest, can, plan.currency)
            found.append((payment, can, delivery, parts))
            taken = {part: parts.get(part, (0, 0)) for part in left}
            left = {part: (net - taken[part][0], tax - taken[part][1]) for part, (net, tax) in left.items()}
            rest = (rest[0] - delivery[0], rest[1] - delivery[1])
    return [*found, (received[-1], sum(net + tax for net, tax in left.values()) + sum(rest), rest, left)]


def _start(payment: Payment, amount: int, shipping: tuple[int, int], parts: Parts, terms: Terms) -> Refund:
    try:
        check_amount(amount, payment.currency)
        if amount == 0:
            raise CannotRefund(_("There is nothing left to refund."))
        return payments.start_refund(
            payment=payment,
            amount=amount,
            shipping=shipping,
            parts=parts,
            actor=terms.actor,
            reason=terms.reason,
            key=terms.key,
            message=terms.message,
        )
    except ValueError as error:
        raise CannotRefund(str(error)) from error
    except payments.TooMuch as error:
        text = _("Only %(left)s of this payment can still be refunded.")
        raise CannotRefund(text % {"left": format_money(error.left, payment.currency)}) from error


def send_refund(*, refund_id: int) -> None:
    """Ask Stripe for a refund that is written down, and settle what it answers. Safe to repeat.

    Raises StripeUnavailable. Past Stripe's memory for keys (24 hours) the refund is looked up by our mark first.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    intent = refund.payment.provider_id
    if refund.state != Refund.State.STARTED or not intent:
        return
    if refund.payment.method == Payment.Method.BANK:
        settle_refund(facts=_owed(refund))  # it counts from now on; staff transfer it and say so
        return
    facts = None
    if now() - refund.created_at > LOOK_FIRST:
        facts = next((row for row in stripe.refunds_of(intent) if row.refund_key == refund.key), None)
    try:
        facts = facts or stripe.create_refund(intent_id=intent, amount=refund.amount, key=refund.key)
    except stripe.StripeRefused as error:
        logger.error("Stripe refused a refund", extra={"refund": refund.pk, "stripe_code": str(error)})
        refund_refused(refund_id=refund.pk)
        return
    settle_refund(facts=facts)


def _owed(refund: Refund) -> RefundFacts:
    """A refund of a transfer, in the shape that settling understands."""
    return RefundFacts(
        id=f"bank-refund:{refund.pk}",
        state="pending",
        amount=refund.amount,
        currency=refund.currency,
        intent_id=refund.payment.provider_id or "",
        refund_key=refund.key,
    )


def send_waiting_refunds(*, older_than: timedelta = timedelta(seconds=30)) -> int:
    """Send what was written down and not answered: after a time-out, a crash, or by the shop itself. How many were tried."""
    due = Refund.objects.filter(state=Refund.State.STARTED, created_at__lte=now() - older_than).order_by("pk")
    tried = 0
    for refund_id in due.values_list("pk", flat=True)[:100]:
        tried += 1
        try:
            send_refund(refund_id=refund_id)
        except stripe.StripeUnavailable:
            logger.warning("Stripe did not answer, the refund is sent again later", extra={"refund": refund_id})
            break
    return tried
