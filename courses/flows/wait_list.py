"""The line for a full class. A seat that comes free is held for the next person in the very transaction that freed it.

Locks: the class's stock item first, then entries; who holds the item's lock is alone with the line.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_noop as _

from courses.models import Cohort, Enrolment, WaitListEntry
from kit.clock import daytime, local_date, now, zone
from notices.flows import Words, notify, withdraw
from stock.flows import hand_to, lock_items, release, reserve
from stock.models import Reservation
from stock.reads import free_pieces

State = WaitListEntry.State


class SeatsFree(Exception):
    """There are seats: nobody has to wait."""


class HasSeat(Exception):
    """The person has a seat in this class."""


@transaction.atomic
def join_wait_list(*, user: Any, cohort: Cohort) -> WaitListEntry:
    """Stand in line, at its end; who stands there keeps their place. Raises SeatsFree and HasSeat."""
    lock_items(refs=[cohort.seat_ref])
    known = WaitListEntry.objects.filter(cohort=cohort, user=user, state__in=WaitListEntry.LIVE).first()
    if known is not None:
        return known
    if Enrolment.objects.filter(cohort=cohort, user=user, state=Enrolment.State.ACTIVE).exists():
        raise HasSeat
    if free_pieces([cohort.seat_ref]).get(cohort.seat_ref, 0) > 0 or not is_open(cohort):
        raise SeatsFree
    return WaitListEntry.objects.create(cohort=cohort, user=user, joined_at=now())


def is_open(cohort: Cohort) -> bool:
    """Whether one can still join the class."""
    return local_date(now(), cohort.time_zone) <= (cohort.enrol_until or cohort.ends_on)


@transaction.atomic
def leave_wait_list(*, user: Any, cohort: Cohort) -> None:
    """Leave the line; a seat that was offered goes to the next at once. Nothing where one does not stand there."""
    lock_items(refs=[cohort.seat_ref])
    rows = WaitListEntry.objects.select_for_update().filter(cohort=cohort, user=user, state__in=WaitListEntry.LIVE)
    for entry in rows:
        _end(entry, str(State.LEFT))


def offer_next(ref: str) -> None:
    """Stock's question when seats of `cohort:<id>` came free, under their lock: hold them for who is next in line.

    Somebody whose offer still runs, and whose order let the seat go, has it again first; then the line, by joining time.
    """
    ident = ref.partition(":")[2]
    cohort = Cohort.objects.filter(pk=int(ident)).first() if ident.isdecimal() else None
    if cohort is None or not is_open(cohort):
        return
    free = free_pieces([ref]).get(ref, 0)
    for entry in _bereft(cohort):
        if free < 1:
            return
        entry.order = ""
        entry.save(update_fields=["order"])
        _hold(entry)
        free -= 1
    while free > 0 and (following := _first_in_line(cohort)) is not None:
        _offer(following)
        free -= 1


def _bereft(cohort: Cohort) -> list[WaitListEntry]:
    """Offers that still run and hold nothing: the order to which the seat was handed ended unpaid."""
    running = WaitListEntry.objects.select_for_update().filter(cohort=cohort, state=State.OFFERED, deadline__gt=now())
    return [entry for entry in running.exclude(order="") if not _ordered(entry)]


def _ordered(entry: WaitListEntry) -> bool:
    """Whether the order holds the seat, or has paid for it."""
    kept = (Reservation.State.HELD, Reservation.State.CONSUMED)
    rows = Reservation.objects.filter(holder=entry.order, item__ref=entry.cohort.seat_ref, state__in=kept)
    return bool(entry.order) and any(row.quantity > row.closed for row in rows)


def _first_in_line(cohort: Cohort) -> WaitListEntry | None:
    rows = WaitListEntry.objects.select_for_update(of=("self",)).select_related("user", "cohort__course")
    return rows.filter(cohort=cohort, state=State.WAITING, user__is_active=True).first()


def _offer(entry: WaitListEntry) -> None:
    """Hold a seat from now on; the person is told, and the time begins, when it is day where they live."""
    begins = daytime(now(), entry.user.time_zone)
    entry.state, entry.offered_at = State.OFFERED, now()
    entry.deadline = daytime(begins + timedelta(hours=settings.WAIT_LIST_HOURS), entry.user.time_zone)
    entry.save(update_fields=["state", "offered_at", "deadline"])
    _hold(entry)
    local = entry.deadline.astimezone(zone(entry.user.time_zone))
    body = _("It is held for you until %(until)s (your time). Buy it by then, or it goes to the next in line.")
    values = {"class": entry.cohort.name, "until": date_format(local, "Y-m-d H:i")}
    notify(
        user=entry.user,
        kind="course.offer",
        key=f"offer:{entry.pk}",
        url=reverse("courses:wait_list", args=[entry.cohort.slug]),
        words=Words(_("A seat for you: %(class)s"), body, values),
        delay=max(begins - now(), timedelta()),
    )


def _hold(entry: WaitListEntry) -> None:
    assert entry.deadline is not None
    reserve(demand={entry.cohort.seat_ref: 1}, holder=entry.holder, expires_at=entry.deadline)


def _end(entry: WaitListEntry, state: str) -> None:
    """Out of the line; what was held is passed on. The item's lock must be held."""
    entry.state, entry.ended_at = state, now()
    entry.save(update_fields=["state", "ended_at"])
    withdraw(keys=[f"offer:{entry.pk}"])
    release(holder=entry.holder)


@transaction.atomic
def hand_held_seats(*, user: Any, refs: Iterable[str], to: str, expires_at: datetime) -> set[str]:
    """Seats that are offered to this person pass into the order `to`. Returns their refs; an offer that is over gives none.

    The items must be locked already, as an order's are.
    """
    handed = set()
    cohorts = [int(ref.partition(":")[2]) for ref in refs if ref.startswith("cohort:")]
    rows = WaitListEntry.objects.select_for_update(of=("self",)).select_related("cohort").order_by("pk")
    for entry in rows.filter(user=user, cohort__in=cohorts, state=State.OFFERED, deadline__gt=now()):
        ref = entry.cohort.seat_ref
        if hand_to(holder=entry.holder, to=to, ref=ref, expires_at=expires_at):
            entry.order = to
            entry.save(update_fields=["order"])
            handed.add(ref)
    return handed


def note_seat_taken(*, user: Any, cohort: Cohort) -> None:
    """Who has a seat waits no longer; a seat still held for them goes to the next."""
    if not WaitListEntry.objects.filter(cohort=cohort, user=user, state__in=WaitListEntry.LIVE).exists():
        return
    lock_items(refs=[cohort.seat_ref])
    for entry in WaitListEntry.objects.select_for_update().filter(cohort=cohort, user=user, state__in=WaitListEntry.LIVE):
        _end(entry, str(State.TAKEN))


def expire_offers(*, limit: int = 200) -> int:
    """End the offers whose time is over, each seat going to the next in line; how many were ended. For the beat task."""
    due = WaitListEntry.objects.filter(state=State.OFFERED, deadline__lte=now()).order_by("deadline")
    return sum(expire_offer(entry_id=pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def expire_offer(*, entry_id: int) -> bool:
    """End one offer, unless it was taken up meanwhile or its order is being paid. Whether it ended now."""
    known = WaitListEntry.objects.select_related("cohort").get(pk=entry_id)
    lock_items(refs=[known.cohort.seat_ref])
    entry = WaitListEntry.objects.select_for_update(of=("self",)).select_related("user", "cohort").get(pk=entry_id)
    if entry.state != State.OFFERED or entry.deadline is None or entry.deadline > now() or _ordered(entry):
        return False
    _end(entry, str(State.EXPIRED))
    body = _("Nobody bought it in time, so it went to the next in line. You may join the list again.")
    notify(
        user=entry.user,
        kind="course",
        key=f"offer-over:{entry.pk}",
        url=reverse("courses:wait_list", args=[entry.cohort.slug]),
        words=Words(_("The offer of a seat has ended: %(class)s"), body, {"class": entry.cohort.name}),
    )
    return True
