"""Events are made, changed, cancelled; the seats they have are the stock item `event:<id>`."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import event_access
from community.errors import NotSound, Refused
from community.flows.telling_events import forget_reminders, tell_cancelled, tell_changed
from community.models import Event, EventWait, Space, Ticket
from kit import audit
from kit.clock import now, zone
from kit.text import render_markdown, strip_controls
from stock import flows as stock


@dataclass(frozen=True)
class EventFacts:
    """What people say of an event; `starts_at` is an instant, `time_zone` where its clock hangs."""

    title: str
    starts_at: datetime
    minutes: int = 60
    time_zone: str = "Asia/Taipei"
    source: str = ""
    place: str = "online"
    join_url: str = ""
    venue: str = ""
    address: str = ""
    map_url: str = ""
    is_sold: bool = False


@transaction.atomic
def create_event(*, by: Any, space: Space | None, seats: int, facts: EventFacts) -> Event:
    """An event with its seats. Raises Refused and NotSound."""
    if not event_access.may_make(by, space):
        raise Refused(_("Events are made by teachers and by who owns the space."))
    moment = now()
    values = _sound(facts)
    if facts.starts_at <= moment:
        raise NotSound(_("An event begins in the future."))
    event = Event.objects.create(space=space, organiser=by, created_at=moment, changed_at=moment, **values)
    stock.ensure_item(ref=event.seat_ref, on_hand=_sound_seats(seats))
    audit.record(actor=by, action="event.made", target=event.seat_ref, after={"seats": seats, "title": event.title})
    return event


@transaction.atomic
def change_event(*, by: Any, event: Event, seats: int, facts: EventFacts) -> Event:
    """Change an event and how many seats it has. Who has a seat hears of another time or place; more seats go to the line.

    Raises Refused, NotSound, and stock's OutOfStock for fewer seats than are taken or held.
    """
    stock.lock_items(refs=[event.seat_ref])
    row = _locked(event)
    _require_runner(by, row)
    if row.cancelled_at is not None:
        raise Refused(_("This event was cancelled."))
    values = _sound(facts)
    if row.is_sold != facts.is_sold and Ticket.objects.filter(event=row, state=Ticket.State.LIVE).exists():
        raise Refused(_("Somebody has a seat: free stays free, and sold stays sold."))
    moved = any(getattr(row, name) != values[name] for name in ("starts_at", "minutes", "place", "join_url", "venue", "address"))
    if row.starts_at != facts.starts_at and facts.starts_at <= now():
        raise NotSound(_("An event begins in the future."))
    if row.starts_at != facts.starts_at:
        forget_reminders(row, row.starts_at)
    for name, value in values.items():
        setattr(row, name, value)
    row.sequence, row.changed_at = row.sequence + 1, now()
    row.save()
    set_event_seats(by=by, event=row, seats=seats)
    if moved:
        audit.record(actor=by, action="event.moved", target=row.seat_ref, after={"starts_at": row.starts_at.isoformat()})
        tell_changed(row)
    return row


@transaction.atomic
def set_event_seats(*, by: Any, event: Event, seats: int) -> None:
    """How many seats there are. Raises OutOfStock below those taken or held; new ones go to the line first."""
    item = stock.ensure_item(ref=event.seat_ref)
    if item.on_hand != _sound_seats(seats):
        audit.record(actor=by, action="event.seats", target=event.seat_ref, before=item.on_hand, after=seats)
        stock.set_on_hand(ref=event.seat_ref, on_hand=seats)


@transaction.atomic
def cancel_event(*, by: Any, event: Event, reason: str) -> Event:
    """Call it off, once, for a reason that everybody is told. Free tickets end; sold ones wait for the owner's refund."""
    stock.lock_items(refs=[event.seat_ref])
    row = _locked(event)
    _require_runner(by, row)
    reason = strip_controls(reason).strip()[:300]
    if not reason:
        raise NotSound(_("Say why: everybody is told."))
    if row.cancelled_at is not None:
        return row
    if row.ends_at <= now():
        raise Refused(_("This event is over."))
    row.cancelled_at, row.changed_at, row.sequence, row.cancel_reason = now(), now(), row.sequence + 1, reason
    row.save(update_fields=["cancelled_at", "changed_at", "sequence", "cancel_reason"])
    audit.record(actor=by, action="event.cancelled", target=row.seat_ref, reason=reason)
    forget_reminders(row, row.starts_at)
    tell_cancelled(row)
    _end_free(row)
    return row


def _end_free(event: Event) -> None:
    """Free seats and held offers are given back; nobody is offered a seat of a cancelled event."""
    tickets = list(Ticket.objects.select_for_update().filter(event=event, state=Ticket.State.LIVE, source="").order_by("pk"))
    for ticket in tickets:
        stock.give_back(holder=ticket.holder, ref=event.seat_ref, quantity=1)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(state=Ticket.State.CLOSED, ended_at=now())
    for entry in EventWait.objects.select_for_update().filter(event=event, state__in=EventWait.LIVE).order_by("pk"):
        EventWait.objects.filter(pk=entry.pk).update(state=EventWait.State.LEFT, ended_at=now())
        stock.release(holder=entry.holder)


def _locked(event: Event) -> Event:
    return Event.objects.select_for_update(of=("self",)).select_related("space", "organiser").get(pk=event.pk)


def _require_runner(by: Any, event: Event) -> None:
    if not event_access.may_run(by, event):
        raise Refused(_("Only who runs this event does that."))


def _sound_seats(seats: int) -> int:
    if not 1 <= seats <= 100_000:
        raise NotSound(_("An event has 1 to 100,000 seats."))
    return seats


def _sound(facts: EventFacts) -> dict[str, Any]:
    """Tidy values for the row. Raises NotSound. Links are https: what leads to a room or a map runs no script."""
    values = asdict(facts)
    for name in ("title", "venue", "address"):
        values[name] = " ".join(strip_controls(values[name]).split())[:200]
    values["title"], values["venue"] = values["title"][:120], values["venue"][:120]
    if not values["title"]:
        raise NotSound(_("Give it a title."))
    for name in ("join_url", "map_url"):
        sound_link(values[name])
    if not 5 <= facts.minutes <= 10_080:
        raise NotSound(_("An event lasts five minutes to a week."))
    if facts.place not in Event.Place.values or zone(facts.time_zone).key != facts.time_zone:
        raise NotSound(_("Choose a place and a time zone from the lists."))
    if facts.place == Event.Place.OFFLINE and not (values["venue"] or values["address"]):
        raise NotSound(_("Say where it is."))
    values["source"] = strip_controls(facts.source).strip()[:20_000]
    values["html"] = render_markdown(values["source"])
    return values


def sound_link(address: str) -> str:
    if address and not (address.startswith("https://") and len(address) <= 500 and address.isprintable() and " " not in address):
        raise NotSound(_("Please give an address that begins with https://."))
    return address
