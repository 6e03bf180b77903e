"""Seats of events: taken for free with one press, granted by what was paid, given back.

Locks: the event's stock item first, then tickets; who holds the item's lock is alone with the seats and the line.
"""

import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.roles import OWNER, has_role
from community import event_access
from community.errors import Refused
from community.flows.event_waits import note_seat_taken, take_offered
from community.models import Event, Membership, Space, Ticket
from kit import outbox
from kit.clock import now
from notices.flows import settle
from stock import flows as stock

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike
State = Ticket.State


class Full(Exception):
    """No seat is free: the person may stand in line."""


@transaction.atomic
def reserve_seat(*, user: Any, event: Event) -> Ticket:
    """Take a free seat; who has one keeps it. A seat that the line holds for this person is theirs. Raises Full, Refused."""
    stock.lock_items(refs=[event.seat_ref])
    row = Event.objects.select_related("space").get(pk=event.pk)
    if not event_access.visible_events(user).filter(pk=row.pk).exists() or not user.is_active:
        raise Refused(_("This event is not open to you."))
    known = Ticket.objects.filter(event=row, user=user, state=State.LIVE).first()
    if known is not None:
        return known
    if row.is_sold:
        raise Refused(_("Seats of this event are sold."))
    if row.cancelled_at is not None or row.ends_at <= now():
        raise Refused(_("This event takes nobody any more."))
    ticket = _make(user, row, "")
    try:
        if not take_offered(user=user, event=row, to=ticket.holder):
            stock.reserve(demand={row.seat_ref: 1}, holder=ticket.holder, expires_at=now())
    except stock.OutOfStock as error:
        raise Full from error
    stock.consume(holder=ticket.holder)
    note_seat_taken(user=user, event=row)
    return ticket


@transaction.atomic
def give_seat_back(*, user: Any, event: Event) -> None:
    """The person's free seat goes to the next in line, or is free. Nothing where they have none. Raises Refused."""
    stock.lock_items(refs=[event.seat_ref])
    ticket = Ticket.objects.select_for_update().filter(event=event, user=user, state=State.LIVE).first()
    if ticket is None:
        return
    if ticket.source:
        raise Refused(_("This ticket was paid for: it is given back by its order."))
    if ticket.came_at is not None:
        raise Refused(_("You were there already."))
    _close_free(ticket, event)


@transaction.atomic
def grant_ticket(*, user: Any, event: Event, source: str) -> Ticket:
    """A ticket for what was paid (`order:17`), whose seat `source` has taken in stock. The same source gives it once.

    Who has a free seat changes it for the paid one; who has one from another order keeps that one, which is returned.
    """
    known = Ticket.objects.filter(event=event, source=source).first()
    if known is not None:
        return known
    stock.lock_items(refs=[event.seat_ref])
    live = Ticket.objects.select_for_update().filter(event=event, user=user, state=State.LIVE).first()
    if live is not None and live.source:
        return live
    if live is not None:
        _close_free(live, event)
    ticket = _make(user, event, source)
    note_seat_taken(user=user, event=event)
    return ticket


@transaction.atomic
def close_ticket(*, source: str, event: Event) -> bool:
    """Money went back: the ticket lets nobody in any more. Whether it ended now; the seat is the caller's to give back."""
    rows = Ticket.objects.filter(event=event, source=source, state=State.LIVE)
    return bool(rows.update(state=State.CLOSED, ended_at=now()))


@transaction.atomic
def restore_ticket(*, source: str, event: Event) -> bool:
    """A refund failed: the ticket counts again, unless the person has another one by now."""
    ticket = Ticket.objects.select_for_update().filter(event=event, source=source, state=State.CLOSED).first()
    if ticket is None or Ticket.objects.filter(event=event, user=ticket.user_id, state=State.LIVE).exists():
        return False
    ticket.state, ticket.ended_at = State.LIVE, None
    ticket.save(update_fields=["state", "ended_at"])
    return True


def close_lost_tickets() -> int:
    """Free seats in the events of spaces to which their people belong no more go to others. For the beat task."""
    place = Membership.objects.filter(space=OuterRef("event__space"), user=OuterRef("user"), ended_at=None)
    rows = Ticket.objects.filter(
        state=State.LIVE, source="", came_at=None, event__starts_at__gt=now(), event__space__isnull=False
    )
    rows = rows.exclude(event__space__visibility=Space.Visibility.PUBLIC).filter(~Exists(place))
    lost = rows.select_related("user", "event").order_by("event", "pk")[:500]
    return sum(_close_lost(ticket) for ticket in lost if not has_role(ticket.user, OWNER))


@transaction.atomic
def _close_lost(ticket: Ticket) -> bool:
    stock.lock_items(refs=[ticket.event.seat_ref])
    row = Ticket.objects.select_for_update().filter(pk=ticket.pk, state=State.LIVE).first()
    if row is None:
        return False
    _close_free(row, ticket.event)
    return True


def _close_free(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.ended_at = State.CLOSED, now()
    ticket.save(update_fields=["state", "ended_at"])
    settle(user=ticket.user, keys=[f"ticket:{ticket.pk}"])
    stock.give_back(holder=ticket.holder, ref=event.seat_ref, quantity=1)


def _make(user: Any, event: Event, source: str) -> Ticket:
    """The row and its mail; a code that is taken by chance (31^12) is made again."""
    for _try in range(3):
        try:
            with transaction.atomic():
                ticket = Ticket.objects.create(event=event, user=user, source=source, code=_code(), created_at=now())
            break
        except IntegrityError:
            if Ticket.objects.filter(event=event, user=user, state=State.LIVE).exists():
                raise
    outbox.write(topic="ticket.mail", key=str(ticket.pk), payload={"ticket": ticket.pk})
    return ticket


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(12))
