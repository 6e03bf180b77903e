"""What a dispute means for its order. While it is open, commission and shares are frozen and parcels stay (fulfilment asks);
won: both go on; lost: money, commission, shares and access go, as with a refund. Its money is booked per balance transaction.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse as path_to

from kit import audit
from kit.clock import now
from shop.checkout.flows.handover import take_back
from shop.checkout.flows.postings import post_dispute_lost, post_dispute_movement
from shop.checkout.flows.settle_refund import pays_for_order, spread
from shop.checkout.flows.shares import share_again
from shop.checkout.flows.tell import tell_staff
from shop.invoices.flows import owe_paper
from shop.orders.models import Order, OrderComponent
from shop.payments import flows as payments
from shop.payments.models import Dispute, DisputeEvidence, DisputeLine, Payment
from shop.payments.shapes import DisputeFacts
from shop.payouts.flows import freeze_shares, unfreeze_shares
from shop.referrals.flows import freeze, reverse, unfreeze

logger = logging.getLogger(__name__)
PENDING = Dispute.OPEN | Dispute.INQUIRY


@transaction.atomic
def settle_dispute(*, facts: DisputeFacts) -> bool:
    """Bring a dispute and its order to where Stripe is. False where no payment of ours belongs to it.

    The payment and the refunds before it are settled before (catch_up.py).
    """
    known = Payment.objects.filter(provider_id=facts.intent_id).first()
    if known is None or not facts.intent_id:
        return False
    order = Order.objects.select_for_update(of=("self",)).get(pk=known.order_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=known.pk)
    dispute, before = payments.record_dispute(payment=payment, facts=facts)
    for movement in facts.movements:
        post_dispute_movement(order=order, dispute=dispute, movement=movement)
    if not before:
        _open(order, dispute)
    if dispute.state in Dispute.OPEN | {Dispute.LOST}:
        _set_aside(order, payment, dispute)
    if facts.evidence:
        take_evidence(order=order, dispute=dispute, facts=facts, actor=None)
    if dispute.state == before:
        return True
    if before == Dispute.LOST:
        _regain(order, dispute)
    if dispute.state == Dispute.LOST:
        _lose(order, dispute)
    elif dispute.state not in PENDING:
        _close(order, dispute, "dispute_won")
    return True


def take_evidence(*, order: Order, dispute: Dispute, facts: DisputeFacts, actor: Any) -> None:
    """Stripe has our evidence, once, whichever tells of it first: its answer or its event. The order must be locked.

    What was sent in Stripe's dashboard is not ours: the draft stays one.
    """
    row = DisputeEvidence.objects.select_for_update(of=("self",)).filter(dispute=dispute, key__isnull=False).first()
    ours = row is not None and all(facts.evidence.get(name) == text for name, text in row.answer.items())
    if row is None or not ours or row.state == DisputeEvidence.State.SUBMITTED:
        return
    row.state, row.trouble, row.submitted_at = DisputeEvidence.State.SUBMITTED, "", now()
    row.save(update_fields=["state", "trouble", "submitted_at"])
    after = {"dispute": dispute.provider_id, "fields": sorted(row.answer)}
    audit.record(actor=actor, action="dispute.answered", target=order.holder, after=after)
    logger.info("evidence submitted", extra={"order": order.number, "dispute": dispute.pk})


def _open(order: Order, dispute: Dispute) -> None:
    freeze(order=order)
    freeze_shares(order=order)
    url = path_to("shop_dispute", args=[dispute.pk])
    tell_staff(order=order, kind="dispute_opened", key=f"dispute_opened:{dispute.pk}", url=url)
    logger.warning("dispute opened", extra={"order": order.number, "dispute": dispute.pk})


def _close(order: Order, dispute: Dispute, kind: str) -> None:
    if not Dispute.objects.filter(payment__order=order, state__in=PENDING).exists():
        unfreeze(order=order)
        unfreeze_shares(order=order)
    tell_staff(order=order, kind=kind, key=f"{kind}:{dispute.pk}")


def _set_aside(order: Order, payment: Payment, dispute: Dispute) -> None:
    """Which parts it is about: those that were left when the bank took the money, whatever fails or returns until its end."""
    if dispute.lines.exists() or not pays_for_order(order, payment):
        return
    parts, shipping = spread(order, dispute.amount)
    dispute.shipping_amount, dispute.shipping_tax = sum(shipping), shipping[1]
    DisputeLine.objects.bulk_create(
        DisputeLine(dispute=dispute, component=part, net=net, tax=tax) for part, (net, tax) in parts.items()
    )
    dispute.save(update_fields=["shipping_amount", "shipping_tax"])


def _lose(order: Order, dispute: Dispute) -> None:
    """The bank keeps the money: its parts count as given back, and what they gave ends."""
    _add(dispute, 1)
    post_dispute_lost(order=order, dispute=dispute)
    reverse(order=order, source=f"dispute:{dispute.pk}")
    share_again(order=order)
    take_back(order=order)
    audit.record(
        actor=None,
        action="order.dispute_lost",
        target=order.holder,
        after={"amount": dispute.amount, "currency": dispute.currency},
    )
    _close(order, dispute, "dispute_lost")
    owe_paper(order=order, source=f"dispute:{dispute.pk}")


def _regain(order: Order, dispute: Dispute) -> None:
    """An appeal was won after the loss: the money is ours again. What had ended stays ended; staff decide."""
    _add(dispute, -1)
    post_dispute_lost(order=order, dispute=dispute, back=True)
    reverse(order=order, source=f"dispute:{dispute.pk}:regained")
    share_again(order=order)
    owe_paper(order=order, source=f"dispute:{dispute.pk}:back")


def _add(dispute: Dispute, sign: int) -> None:
    for line in dispute.lines.order_by("component_id"):
        OrderComponent.objects.filter(pk=line.component_id).update(
            refunded_net=F("refunded_net") + sign * line.net, refunded_tax=F("refunded_tax") + sign * line.tax
        )
