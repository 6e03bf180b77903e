"""Leaving for good: what events and draws hold of a person (kit.persons)."""

from typing import Any

from django.db import transaction

from community.flows.event_waits import leave_event_line
from community.flows.tickets import give_seat_back
from community.models import DrawEntry, Event, EventWait, Ticket
from kit.clock import now


def export_person(user: Any) -> dict[str, Any]:
    """Seats, places in lines, events led, draws entered."""
    return {
        "tickets": list(
            Ticket.objects.filter(user=user).values(
                "event__title", "event__starts_at", "state", "created_at", "ended_at", "came_at"
            )
        ),
        "lines": list(EventWait.objects.filter(user=user).values("event__title", "state", "joined_at", "deadline")),
        "led": list(Event.objects.filter(organiser=user).values("title", "starts_at", "created_at")),
        "draws": list(DrawEntry.objects.filter(user=user).values("draw__title", "code", "answer", "at")),
    }


@transaction.atomic
def erase_person(user: Any) -> None:
    """Seats and places in line go to others; a paid ticket lets nobody in. A draw's entry stays as a code without a person."""
    for entry in EventWait.objects.filter(user=user, state__in=EventWait.LIVE).select_related("event").order_by("event"):
        leave_event_line(user=user, event=entry.event)
    live = Ticket.objects.filter(user=user, state=Ticket.State.LIVE)
    for ticket in live.filter(source="", came_at=None).select_related("event").order_by("event"):
        give_seat_back(user=user, event=ticket.event)
    live.update(state=Ticket.State.CLOSED, ended_at=now())
    DrawEntry.objects.filter(user=user).update(user=None, answer="")
