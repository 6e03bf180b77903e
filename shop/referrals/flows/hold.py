"""Commission waits: for the hold's end, for the student's day, for a dispute or a suspicion to end."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from courses.models import Enrolment
from kit.clock import now
from shop.orders.models import Order
from shop.referrals.flows.commission import is_questioned
from shop.referrals.models import Attribution, Commission

State = Commission.State


@transaction.atomic
def freeze(*, order: Order) -> None:
    """While a dispute or a suspicion is open nothing of the order is paid out."""
    Commission.objects.filter(attribution__order=order, state__in=[State.PENDING, State.AVAILABLE]).update(state=State.FROZEN)


@transaction.atomic
def unfreeze(*, order: Order) -> None:
    """One question is over: where no other is left, wait for the hold again."""
    attribution = Attribution.objects.filter(order=order).first()
    if attribution is not None and not is_questioned(attribution):
        attribution.commissions.filter(state=State.FROZEN).update(state=State.PENDING)


@transaction.atomic
def set_release(*, order: Order, delivered_at: datetime | None, awaits_delivery: bool) -> datetime | None:
    """The hold ends at the later of refund window's end and delivery + return window (rule 10); None: not known yet.

    `delivered_at` is the last delivery, None where nothing was sent; `awaits_delivery` while goods are still to come. A
    hold that begins again (a parcel is sent once more) takes back what was released and is not paid yet (I16).
    """
    terms: dict[str, Any] = order.terms
    moment = None
    if order.paid_at is not None and not awaits_delivery:
        moment = order.paid_at + timedelta(days=terms.get("refund_days", 0))
        if delivered_at is not None:
            moment = max(moment, delivered_at + timedelta(days=terms.get("return_days", 0)))
    lines = Commission.objects.filter(attribution__order=order)
    lines.exclude(state=State.PAID).update(available_at=moment)
    if moment is None or moment > now():
        paid = lines.filter(state=State.PAID).values("component")
        lines.filter(state=State.AVAILABLE).exclude(component__in=paid).update(state=State.PENDING)
    return moment


@transaction.atomic
def release_held_commissions() -> int:
    """Pending lines whose hold has ended become available, those on an outcome once it is there; how many."""
    due = Commission.objects.filter(state=State.PENDING, available_at__lte=now())
    return due.filter(Q(on_outcome=False) | Q(attribution__outcome_at__isnull=False)).update(state=State.AVAILABLE)


@transaction.atomic
def note_outcome(payload: dict[str, Any]) -> None:
    """Outbox topic progress.day_reached: a student has done a day; what a programme pays for that is earned now.

    Any day from the programme's on counts, since a student may skip ahead. Repeating it changes nothing.
    """
    seat = Enrolment.objects.filter(pk=payload["enrolment"], source__startswith="order:").first()
    number = seat.source.partition(":")[2] if seat else ""
    if number.isdigit():
        rows = Attribution.objects.filter(order=int(number), outcome_at=None)
        rows.filter(version__rules__vest_day__lte=payload["day"]).update(outcome_at=now())
