"""What events and draws register with the kit, the stock and the notices; called once by the app."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.formats import date_format

from community import event_access
from community.flows.event_privacy import erase_person, export_person
from community.flows.event_reports import DROPPED, delete_dropped
from community.flows.event_waits import offer_next_seat
from community.flows.ticket_mail import send_ticket_mail
from community.models import Ticket
from kit import outbox, persons, things
from notices import gates
from stock.flows import when_freed


def register_all() -> None:
    persons.register("events", export=export_person, erase=erase_person)
    outbox.on("ticket.mail", send_ticket_mail)
    outbox.on(DROPPED, delete_dropped)
    things.register("event", event_cards)
    gates.register("event", lambda ident, user: bool(seen_events([ident], user)), seen_events)
    gates.register("ticket", lambda ident, user: bool(held_events([ident], user)), held_events)
    when_freed("event", offer_next_seat)


def event_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    events = event_access.visible_events(request.user).filter(pk__in=_numbers(ids))
    return {
        str(event.pk): things.Card(event.title, event.path, date_format(event.local_start, "DATETIME_FORMAT")) for event in events
    }


def seen_events(ids: Collection[str], user: Any) -> set[str]:
    """Those of the events that the person may see now."""
    return {str(pk) for pk in event_access.visible_events(user).filter(pk__in=_numbers(ids)).values_list("pk", flat=True)}


def held_events(ids: Collection[str], user: Any) -> set[str]:
    """Those of the events in which the person has a seat that counts now: what is told to holders ends with it."""
    held = Ticket.objects.filter(user=user, state=Ticket.State.LIVE, event__in=_numbers(ids)).values("event")
    return {str(pk) for pk in event_access.visible_events(user).filter(pk__in=held).values_list("pk", flat=True)}


def _numbers(ids: Collection[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
