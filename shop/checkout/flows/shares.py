"""What changes teachers' shares besides a sale: their lines follow, and wait for the same moment as commission."""

from typing import Any

from django.db import transaction

from shop.checkout.flows.handover import renew_release
from shop.orders.models import Order
from shop.payouts.flows import release_shares, share_revenue
from shop.payouts.reads import orders_to_release
from shop.referrals.flows import adjust, decide_held, decide_suspicion, release_held_commissions
from shop.referrals.models import Attribution, Commission, Suspicion


def share_again(*, order: Order) -> None:
    """After a refund, a dispute's end, a fee that came late or a case decided. The order must be locked."""
    if share_revenue(order=order):
        renew_release(order=order)


@transaction.atomic
def decide_credit(*, attribution: Attribution, accept: bool, actor: Any, reason: str) -> Attribution:
    """A reviewer's decision on a held attribution; what the referrer does not get is shared after all."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=attribution.order_id)
    row = decide_held(attribution=attribution, accept=accept, actor=actor, reason=reason)
    share_again(order=order)
    return row


@transaction.atomic
def correct_commission(*, attribution: Attribution, amount: int, actor: Any, reason: str) -> Commission:
    """Correct by hand what an order's referrer earned; teachers share what is left. Raises ValueError as `adjust`."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=attribution.order_id)
    line = adjust(attribution=attribution, amount=amount, actor=actor, reason=reason)
    share_again(order=order)
    renew_release(order=order)
    line.refresh_from_db()
    return line


@transaction.atomic
def decide_fraud(*, suspicion: Suspicion, uphold: bool, actor: Any, reason: str) -> Suspicion:
    """A reviewer's decision on something in the fraud queue, and what it means for shares. Raises ValueError as there."""
    orders = list(Order.objects.select_for_update(of=("self",)).filter(attribution__suspicions=suspicion).order_by("pk"))
    row = decide_suspicion(suspicion=suspicion, uphold=uphold, actor=actor, reason=reason)
    for order in orders:
        share_again(order=order)
        renew_release(order=order)
    return row


def release_holds() -> int:
    """Commission and shares whose hold has ended become available; how many lines.

    Shares are counted once more before, order by order, so that nothing that was forgotten is paid out wrong.
    """
    released = release_held_commissions()
    for order_id in orders_to_release():
        released += _release(order_id)
    return released


@transaction.atomic
def _release(order_id: int) -> int:
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    share_again(order=order)
    return release_shares(order=order)
