"""What a refund means for its order, whether we asked for it or it was made in Stripe's dashboard.

It counts from the moment Stripe has it (pending, requires_action or succeeded): components, ledger, commission and
access follow then, for the buyer is owed the money. If it fails later (weeks, at times), all is as if it had never left:
balance, components, ledger, commission, and what had ended with it (seats, lessons, board, unsent goods), as far as
others do not have it by now. Buyer and staff are told either way. A refund that we first hear of when it has failed goes
through the same two steps, so that the order of events cannot matter.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from django.db import transaction
from django.db.models import F

from kit import audit, outbox
from kit.money import split_by_weight, step
from shop.checkout.flows.handover import give_again, is_over, take_back
from shop.checkout.flows.postings import post_refund, post_refund_movement
from shop.checkout.flows.shares import share_again
from shop.checkout.flows.tell import tell_staff
from shop.invoices.flows import owe_paper
from shop.orders.coupons import CouponUsedUp
from shop.orders.flows import give_back_coupon, take_coupon_again
from shop.orders.models import Order, OrderComponent
from shop.payments import flows as payments
from shop.payments.models import Payment, Refund
from shop.payments.reads import parts_left, shipping_left
from shop.payments.shapes import RefundFacts
from shop.referrals.flows import reverse

logger = logging.getLogger(__name__)
ENDED = frozenset({Refund.State.FAILED, Refund.State.CANCELLED})


@transaction.atomic
def settle_refund(*, facts: RefundFacts) -> bool:
    """Bring a refund and its order to where Stripe is. False where no payment of ours belongs to it.

    The payment and the refunds before it are settled before (catch_up.py).
    """
    known = Payment.objects.filter(provider_id=facts.intent_id).first()
    if known is None or not facts.intent_id:
        return False
    order = Order.objects.select_for_update(of=("self",)).get(pk=known.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=known.pk)
    refund = _find(payment, facts) or _adopt(order, payment, facts)
    before = refund.state
    if before not in ENDED and not (before == Refund.State.SUCCEEDED and facts.state in ("pending", "requires_action")):
        if before == Refund.State.STARTED:
            payments.record_refund(refund=refund, facts=replace(facts, state="pending") if facts.state in ENDED else facts)
            _apply(order, refund)
        payments.record_refund(refund=refund, facts=facts)
        if refund.state in ENDED:
            _undo(order, refund)
    post_refund_movement(order=order, refund=refund, movement=facts.movement)
    post_refund_movement(order=order, refund=refund, movement=facts.failure_movement, back=True)
    return True


def _find(payment: Payment, facts: RefundFacts) -> Refund | None:
    rows = Refund.objects.select_for_update(of=("self",)).filter(payment=payment)
    return rows.filter(provider_id=facts.id).first() or (
        rows.filter(key=facts.refund_key, provider_id=None).first() if facts.refund_key else None
    )


def _adopt(order: Order, payment: Payment, facts: RefundFacts) -> Refund:
    """A refund made elsewhere names no parts: it is spread over what is left of them, by what is left."""
    parts, shipping = spread(order, facts.amount) if pays_for_order(order, payment) else ({}, (0, 0))
    return payments.adopt_refund(payment=payment, facts=facts, shipping=shipping, parts=parts)


def pays_for_order(order: Order, payment: Payment) -> bool:
    """Whether this payment became revenue; a second or a mismatched one waits in suspense."""
    first = order.payments.filter(state=Payment.State.SUCCEEDED).order_by("settled_at", "pk").first()
    return order.state == Order.State.PAID and first is not None and first.pk == payment.pk


def spread(order: Order, amount: int) -> tuple[dict[OrderComponent, tuple[int, int]], tuple[int, int]]:
    """Component → (net, tax), and (net, tax) of shipping, that make up `amount`, in proportion to what is left of each."""
    return share_out(parts_left(order), shipping_left(order), amount, order.currency)


def share_out(
    left: Mapping[OrderComponent, tuple[int, int]], rest: tuple[int, int], amount: int, currency: str
) -> tuple[dict[OrderComponent, tuple[int, int]], tuple[int, int]]:
    """As `spread`, of these parts and this shipping.

    Shares come in the currency's steps where what is left does, so that the remainder can be given back as well.
    """
    weights = [*(net + tax for net, tax in left.values()), sum(rest)]
    whole = min(amount, sum(weights))
    if not whole:
        return {}, (0, 0)
    unit = step(currency)
    unit = 1 if any(weight % unit for weight in [*weights, whole]) else unit
    *shares, shipping = [unit * units for units in split_by_weight(whole // unit, [weight // unit for weight in weights])]
    parts = {}
    for (part, (net, tax)), share in zip(left.items(), shares, strict=True):
        if share or amount >= sum(weights):
            parts[part] = net_and_tax_of(share, net, tax)
    return parts, net_and_tax_of(shipping, *rest)


def net_and_tax_of(share: int, net: int, tax: int) -> tuple[int, int]:
    """A share of `net` + `tax`, with its tax in proportion."""
    if not share:
        return 0, 0
    first, second = split_by_weight(share, [net, tax])
    return first, second


def _apply(order: Order, refund: Refund) -> None:
    """The refund counts from now on."""
    refunded = _refunded_before(order, refund)
    for line in refund.lines.order_by("component_id"):
        _add(line.component_id, line.net, line.tax)
    _free_coupon(order)
    post_refund(order=order, refund=refund)
    reverse(order=order, source=f"refund:{refund.pk}")
    share_again(order=order)
    take_back(order=order)
    if not refund.key.startswith("auto:"):  # the buyer was told already that the payment comes back
        outbox.write(topic="order.refunded.mail", key=f"refund:{refund.pk}", payload={"refund": refund.pk})
    audit.record(
        actor=refund.requested_by,
        action="order.refunded",
        target=order.holder,
        before={"refunded": refunded},
        after={"refunded": refunded + refund.amount, "currency": refund.currency, "refund": refund.pk},
        reason=refund.reason,
    )
    owe_paper(order=order, source=f"refund:{refund.pk}")
    logger.info("refund taken on by Stripe", extra={"order": order.number, "refund": refund.pk})


def _undo(order: Order, refund: Refund) -> None:
    """The money came back to us: as if it had never left, and what it had paid for is given again where that can be."""
    for line in refund.lines.order_by("component_id"):
        _add(line.component_id, -line.net, -line.tax)
    with suppress(CouponUsedUp):  # somebody has that use by now: the order keeps the price that it was paid at
        take_coupon_again(order=order)
    post_refund(order=order, refund=refund, back=True)
    reverse(order=order, source=f"refund:{refund.pk}:failed")
    share_again(order=order)
    named = OrderComponent.objects.filter(refund_lines__refund=refund).select_related("line", "component__cohort")
    short = give_again(order=order, parts=list(named.order_by("pk")))
    audit.record(
        actor=None,
        action="order.refund_failed",
        target=order.holder,
        before={"refund": refund.pk},
        after={"state": str(refund.state), "not_given_again": [part.ref for part in short]},
    )
    kind = "refund_failed_short" if short else "refund_failed"
    tell_staff(order=order, kind=kind, key=f"refund_failed:{refund.pk}", what=", ".join(part.title for part in short))
    if not refund.key.startswith("auto:"):  # nothing was handed over for that payment: staff look after it
        payload = {"refund": refund.pk, "short": bool(short)}
        outbox.write(topic="order.refund_failed.mail", key=f"refund:{refund.pk}", payload=payload)
    owe_paper(order=order, source=f"refund:{refund.pk}:back")
    logger.warning("refund failed", extra={"order": order.number, "refund": refund.pk})


def _free_coupon(order: Order) -> None:
    """Who got everything back may use the code once more."""
    if order.state == Order.State.PAID and all(is_over(part) for part in OrderComponent.objects.filter(line__order=order)):
        give_back_coupon(order=order)


def _refunded_before(order: Order, refund: Refund) -> int:
    rows = Refund.objects.filter(payment__order=order, state__in=Refund.ACCEPTED).exclude(pk=refund.pk)
    return sum(rows.values_list("amount", flat=True))


def _add(component_id: int, net: int, tax: int) -> None:
    OrderComponent.objects.filter(pk=component_id).update(
        refunded_net=F("refunded_net") + net, refunded_tax=F("refunded_tax") + tax
    )


@transaction.atomic
def refund_refused(*, refund_id: int) -> None:
    """Stripe said no to a refund that we asked for: it never was. Staff are told."""
    row = Refund.objects.select_related("payment").get(pk=refund_id)
    order = Order.objects.select_for_update(of=("self",)).get(pk=row.payment.order_id)
    refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    if refund.state == Refund.State.STARTED:
        payments.drop_refund(refund=refund)
        tell_staff(order=order, kind="refund_refused", key=f"refund_refused:{refund.pk}")
