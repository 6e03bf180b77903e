"""The line for a full event. A seat that comes free is held for the next person in the very transaction that freed it.

Locks: the event's stock item first, then entries; who holds the item's lock is alone with the line.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_noop as _

from community import event_access
from community.errors import Refused
from community.flows.telling_events import event_path
from community.models import Event, EventWait, Ticket
from kit.clock import daytime, now, zone
from notices.flows import Words, notify, withdraw
from stock import flows as stock
from stock.models import Reservation
from stock.reads import free_pieces

State = EventWait.State


class SeatsFree(Exception):
    """There are seats: nobody has to wait."""


def is_open(event: Event) -> bool:
    """Whether seats are still given: until it begins."""
    return event.cancelled_at is None and now() < event.starts_at


@transaction.atomic
def join_event_line(*, user: Any, event: Event) -> EventWait:
    """Stand in line, at its end; who stands there keeps their place. Raises SeatsFree, Refused."""
    stock.lock_items(refs=[event.seat_ref])
    row = Event.objects.select_related("space").get(pk=event.pk)
    if not event_access.visible_events(user).filter(pk=row.pk).exists() or not is_open(row):
        raise Refused("closed")
    known = EventWait.objects.filter(event=row, user=user, state__in=EventWait.LIVE).first()
    if known is not None:
        return known
    if Ticket.objects.filter(event=row, user=user, state=Ticket.State.LIVE).exists():
        raise Refused("has a seat")
    if free_pieces([row.seat_ref]).get(row.seat_ref, 0) > 0:
        raise SeatsFree
    return EventWait.objects.create(event=row, user=user, joined_at=now())


@transaction.atomic
def leave_event_line(*, user: Any, event: Event) -> None:
    """Leave the line; a seat that was offered goes to the next at once."""
    _end_all(user, event, str(State.LEFT))


def note_seat_taken(*, user: Any, event: Event) -> None:
    """Who has a seat waits no longer; one still held for them goes to the next. The item must be locked."""
    _end_all(user, event, str(State.TAKEN))


def _end_all(user: Any, event: Event, state: str) -> None:
    if not EventWait.objects.filter(event=event, user=user, state__in=EventWait.LIVE).exists():
        return
    stock.lock_items(refs=[event.seat_ref])
    for entry in EventWait.objects.select_for_update().filter(event=event, user=user, state__in=EventWait.LIVE):
        _end(entry, state)


def offer_next_seat(ref: str) -> None:
    """Stock's question when seats of `event:<id>` came free, under their lock: hold them for who is next in line.

    Somebody whose offer still runs, and whose order let the seat go, has it again first; then the line, by joining time.
    """
    ident = ref.partition(":")[2]
    event = Event.objects.select_related("space").filter(pk=int(ident)).first() if ident.isdecimal() else None
    if event is None or not is_open(event):
        return
    free = free_pieces([ref]).get(ref, 0)
    running = EventWait.objects.select_for_update().filter(event=event, state=State.OFFERED, deadline__gt=now()).exclude(order="")
    for entry in [entry for entry in running if not _ordered(entry, ref)]:
        if free < 1:
            return
        EventWait.objects.filter(pk=entry.pk).update(order="")
        assert entry.deadline is not None
        stock.reserve(demand={ref: 1}, holder=entry.holder, expires_at=entry.deadline)
        free -= 1
    waiting = EventWait.objects.select_for_update(of=("self",)).select_related("user")
    for entry in waiting.filter(event=event, state=State.WAITING, user__is_active=True):
        if free < 1:
            return
        if event_access.visible_events(entry.user).filter(pk=event.pk).exists():  # who left the space is passed over
            _offer(entry, event)
            free -= 1


def _ordered(entry: EventWait, ref: str) -> bool:
    kept = (Reservation.State.HELD, Reservation.State.CONSUMED)
    rows = Reservation.objects.filter(holder=entry.order, item__ref=ref, state__in=kept)
    return any(row.quantity > row.closed for row in rows)


def _offer(entry: EventWait, event: Event) -> None:
    """Hold a seat from now on; time begins when it is day where they live, and ends when the event begins."""
    begins = daytime(now(), entry.user.time_zone)
    if begins >= event.starts_at:
        begins = now()
    until = min(daytime(begins + timedelta(hours=settings.WAIT_LIST_HOURS), entry.user.time_zone), event.starts_at)
    EventWait.objects.filter(pk=entry.pk).update(state=State.OFFERED, deadline=until)
    stock.reserve(demand={event.seat_ref: 1}, holder=entry.holder, expires_at=until)
    local = until.astimezone(zone(entry.user.time_zone))
    body = _("It is held for you until %(until)s (your time). Take it by then, or it goes to the next in line.")
    values = {"title": event.title, "until": date_format(local, "Y-m-d H:i")}
    notify(
        user=entry.user,
        kind="event.offer",
        key=f"event-offer:{entry.pk}",
        url=event_path(event),
        gate=f"event:{event.pk}",
        words=Words(_("A seat for you: %(title)s"), body, values),
        delay=max(begins - now(), timedelta()),
    )


def _end(entry: EventWait, state: str) -> None:
    """Out of the line; what was held is passed on. The item's lock must be held."""
    EventWait.objects.filter(pk=entry.pk).update(state=state, ended_at=now())
    withdraw(keys=[f"event-offer:{entry.pk}"])
    stock.release(holder=entry.holder)


def take_offered(*, user: Any, event: Event, to: str) -> bool:
    """A seat that the line holds for this person is held for `to`. False where none is. The item must be locked."""
    rows = EventWait.objects.select_for_update().filter(event=event, user=user, state=State.OFFERED, deadline__gt=now())
    return any(stock.hand_to(holder=entry.holder, to=to, ref=event.seat_ref, expires_at=now()) for entry in rows)


@transaction.atomic
def hand_offered_seats(*, user: Any, refs: Iterable[str], to: str, expires_at: datetime) -> set[str]:
    """Seats that are offered to this person (id) pass into the order `to`. Returns their refs. The items must be locked."""
    handed = set()
    events = [int(ref.partition(":")[2]) for ref in refs if ref.startswith("event:")]
    rows = EventWait.objects.select_for_update().filter(user=user, event__in=events, state=State.OFFERED, deadline__gt=now())
    for entry in rows.order_by("pk"):
        ref = f"event:{entry.event_id}"
        if stock.hand_to(holder=entry.holder, to=to, ref=ref, expires_at=expires_at):
            EventWait.objects.filter(pk=entry.pk).update(order=to)
            handed.add(ref)
    return handed


def expire_event_offers(*, limit: int = 200) -> int:
    """End the offers whose time is over, each seat going to the next in line; how many. For the beat task."""
    due = EventWait.objects.filter(state=State.OFFERED, deadline__lte=now()).order_by("deadline")
    return sum(_expire(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def _expire(pk: int) -> bool:
    known = EventWait.objects.select_related("event").get(pk=pk)
    ref = known.event.seat_ref
    stock.lock_items(refs=[ref])
    entry = EventWait.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    if entry.state != State.OFFERED or entry.deadline is None or entry.deadline > now() or _ordered(entry, ref):
        return False
    _end(entry, str(State.EXPIRED))
    notify(
        user=entry.user,
        kind="event",
        key=f"event-offer-over:{entry.pk}",
        url=event_path(known.event),
        gate=f"event:{known.event_id}",
        words=Words(
            _("The offer of a seat has ended: %(title)s"),
            _("Nobody took it in time, so it went to the next in line. You may join the list again."),
            {"title": known.event.title},
        ),
    )
    return True
