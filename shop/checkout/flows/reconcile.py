"""Stripe's balance against our books, movement by movement (I21). Every difference is named.

What a payment, refund or dispute moved is brought in by settling that object afresh, as its webhook would have: a lost
event is made good here. The rest is booked by its type; a type without an account goes to `suspense`, with an alert.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from kit.clock import now
from shop.checkout.flows.catch_up import catch_up, read_story
from shop.checkout.flows.postings import post_balance_movement
from shop.checkout.flows.tell_owners import tell_of_differences
from shop.payments import flows as payments
from shop.payments import stripe
from shop.payments.models import BalanceTransaction
from shop.payments.shapes import Movement

logger = logging.getLogger(__name__)
# Stripe's list is read this far back again: what was booked late, or changed, is still seen.
OVERLAP = timedelta(days=7)
# A movement may be told of by its payment before the list shows it.
LIST_LAG = timedelta(hours=1)


@dataclass(frozen=True)
class Difference:
    """`why`: unexplained (booked to suspense) | changed (ours differs from Stripe's) | missing (not in Stripe's list) |
    payout (its movements do not sum to it). `name` is Stripe's id, with the type."""

    why: str
    name: str


def reconcile_balance() -> list[Difference]:
    """Import what moved at Stripe since the last time, and tell the owners of every difference. Safe to repeat.

    Raises StripeUnavailable; the next run begins where the last whole one ended.
    """
    last = BalanceTransaction.objects.filter(listed_at__isnull=False).aggregate(last=Max("at"))["last"]
    since = last and last - OVERLAP
    movements = stripe.balance_transactions(since=since)
    found = _import(movements)
    for movement in movements:
        if movement.type == "payout":
            found += _check_payout(movement)
    listed = {movement.id for movement in movements}
    found += _missing(listed, since)
    payments.note_listed(provider_ids=listed)
    for difference in found:
        logger.error("Stripe's balance differs", extra={"why": difference.why, "movement": difference.name})
    if found:
        tell_of_differences(names=[f"{difference.name}: {difference.why}" for difference in found])
    return found


def _import(movements: Sequence[Movement]) -> list[Difference]:
    known = BalanceTransaction.objects.in_bulk([movement.id for movement in movements], field_name="provider_id")
    found = [_compare(known[movement.id], movement) if movement.id in known else _bring_in(movement) for movement in movements]
    return [difference for difference in found if difference]


def _compare(row: BalanceTransaction, movement: Movement) -> Difference | None:
    same = (row.amount, row.fee, row.currency) == (movement.amount, movement.fee, movement.currency)
    return None if same else _difference("changed", movement)


def _bring_in(movement: Movement) -> Difference | None:
    """Settle what moved the money; book the movement by its type where that explains nothing."""
    if movement.intent_id:
        catch_up(story=read_story(movement.intent_id))
    return None if _book(movement) else _difference("unexplained", movement)


@transaction.atomic
def _book(movement: Movement) -> bool:
    """Whether the movement is explained, by something of ours or by its type."""
    row = payments.record_movement(movement=movement)
    return bool(row.about) or post_balance_movement(row=row)


def _check_payout(payout: Movement) -> list[Difference]:
    """Stripe says which movements an automatic payout took out; with the payout itself they sum to nothing."""
    try:
        movements = stripe.balance_transactions(payout_id=payout.source)
    except stripe.StripeRefused:
        return []  # a payout by hand has no such list
    found = _import(movements)
    if sum(movement.amount - movement.fee for movement in movements):
        found.append(_difference("payout", payout))
    return found


def _missing(listed: Collection[str], since: datetime | None) -> list[Difference]:
    """Rows of ours that Stripe does not list."""
    rows = BalanceTransaction.objects.filter(at__lt=now() - LIST_LAG)
    if since is not None:
        rows = rows.filter(at__gte=since)
    return [
        Difference("missing", f"{row.provider_id} ({row.type})") for row in rows.order_by("at") if row.provider_id not in listed
    ]


def _difference(why: str, movement: Movement) -> Difference:
    return Difference(why, f"{movement.id} ({movement.type})")
