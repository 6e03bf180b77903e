"""What the tests of events share."""

from datetime import timedelta
from typing import Any

from community.flows.events import EventFacts, create_event
from community.models import Event, EventWait, Ticket
from kit.clock import now
from stock.reads import free_pieces

ROOM = "https://meet.example.org/room-42"


def facts(*, hours: float = 48, **fields: Any) -> EventFacts:
    starts_at = (now() + timedelta(hours=hours)).replace(microsecond=0)
    return EventFacts(**{"title": "Evening of chords", "starts_at": starts_at, "join_url": ROOM, **fields})


def make_event(by: Any, *, space: Any = None, seats: int = 2, hours: float = 48, **fields: Any) -> Event:
    return create_event(by=by, space=space, seats=seats, facts=facts(hours=hours, **fields))


def free(event: Event) -> int:
    return free_pieces([event.seat_ref])[event.seat_ref]


def live(event: Event) -> list[Any]:
    return [ticket.user for ticket in Ticket.objects.filter(event=event, state="live").order_by("pk")]


def line_of(event: Event) -> list[str]:
    return list(EventWait.objects.filter(event=event).order_by("joined_at", "pk").values_list("state", flat=True))
