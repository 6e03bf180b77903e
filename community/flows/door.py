"""The door: a ticket lets one person in, once, however many doors scan it and however often a scan is sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import event_access
from community.errors import Refused
from community.models import Event, Ticket
from community.ticket_codes import read_code
from kit import audit
from kit.clock import now

EARLY = timedelta(hours=24)
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Answer:
    """`state`: in | already | unknown | closed | cancelled. `came_at` and `ticket` where there is one."""

    state: str
    ticket: Ticket | None = None

    @property
    def came_at(self) -> datetime | None:
        return self.ticket.came_at if self.ticket else None


@transaction.atomic
def admit(
    *, by: Any, event: Event, key: str, code: str = "", ticket_id: int | None = None, scanned_at: datetime | None = None
) -> Answer:
    """Let in who shows `code` (scanned or typed), or the ticket chosen from the list. `key` names the scan: sent again, it
    has the same answer. `scanned_at`: when it was scanned, where the network was away. Raises Refused.
    """
    row = Event.objects.select_related("space").get(pk=event.pk)
    if not event_access.may_admit(by, row):
        raise Refused(_("Only who stands at this door lets people in."))
    ticket = _locked_ticket(row, code, ticket_id)
    if ticket is None:
        return Answer("unknown")
    if ticket.came_at is not None:
        return Answer("in" if key and ticket.came_key == key else "already", ticket)
    if row.cancelled_at is not None:
        return Answer("cancelled", ticket)
    if not event_access.holds(ticket, row):
        return Answer("closed", ticket)
    ticket.came_at, ticket.came_key, ticket.let_in_by = _moment(row, scanned_at), key[:64], by
    ticket.save(update_fields=["came_at", "came_key", "let_in_by"])
    return Answer("in", ticket)


@transaction.atomic
def set_came(*, by: Any, event: Event, ticket_id: int, came: bool) -> None:
    """What the organiser says afterwards: a wrong entry is taken back, a missed one added. Raises Refused."""
    row = Event.objects.select_related("space").get(pk=event.pk)
    if not event_access.may_run(by, row):
        raise Refused(_("Only who runs this event does that."))
    ticket = _locked_ticket(row, "", ticket_id)
    if ticket is None or (ticket.came_at is not None) == came or not (ticket.is_live or not came):
        return
    ticket.came_at, ticket.came_key, ticket.let_in_by = (now(), "", by) if came else (None, "", None)
    ticket.save(update_fields=["came_at", "came_key", "let_in_by"])
    audit.record(actor=by, action="event.came", target=f"ticket:{ticket.pk}", before=not came, after=came)


def _locked_ticket(event: Event, code: str, ticket_id: int | None) -> Ticket | None:
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("user").filter(event=event)
    if ticket_id is not None:
        return rows.filter(pk=ticket_id).first()
    plain = read_code(code, event.pk)
    return rows.filter(code=plain).first() if plain else None


def _moment(event: Event, scanned_at: datetime | None) -> datetime:
    """The phone's word where it can be true, else now: a wrong clock does not write history."""
    moment = now()
    if scanned_at is not None and event.starts_at - EARLY <= scanned_at <= moment + AHEAD:
        return min(scanned_at, moment)
    return moment
