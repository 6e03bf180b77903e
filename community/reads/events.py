"""Events as people see them: what comes, what was, who has a seat, who came."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils.dateparse import parse_datetime

from community import event_access
from community.models import Event, EventWait, Ticket
from kit.clock import now
from kit.ics import Event as CalendarEvent
from kit.paths import site_address
from kit.text import plain_text
from stock.models import StockItem

PAGE, KEPT = 20, timedelta(days=90)
DOOR_ROWS = 200
OPENS = timedelta(minutes=15)


@dataclass(frozen=True)
class Page:
    """Events of one page; `following` is the cursor of the next, '' on the last."""

    events: list[Event]
    mine: Collection[int]
    following: str


def events_page(user: Any, *, past: bool = False, after: str = "", space: int | None = None) -> Page:
    """What comes, soonest first, or what was, latest first. Keyset by (start, id); `after` is a cursor. Three queries."""
    moment = now()
    rows = event_access.visible_events(user).select_related("space", "organiser")
    if space is not None:
        rows = rows.filter(space=space)
    cursor = _cursor(after)
    if past:
        rows = rows.filter(starts_at__lt=moment - timedelta(hours=3)).order_by("-starts_at", "-pk")
        rows = rows.filter(Q(starts_at__lt=cursor[0]) | Q(starts_at=cursor[0], pk__lt=cursor[1])) if cursor else rows
    else:
        rows = rows.filter(starts_at__gte=moment - timedelta(hours=3)).order_by("starts_at", "pk")
        rows = rows.filter(Q(starts_at__gt=cursor[0]) | Q(starts_at=cursor[0], pk__gt=cursor[1])) if cursor else rows
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    following = f"{last.starts_at.isoformat()}~{last.pk}" if last else ""
    return Page(shown, _held(user, shown), following)


def _cursor(text: str) -> tuple[datetime, int] | None:
    moment, _tilde, number = text.replace(" ", "+").partition("~")
    try:
        found = parse_datetime(moment)
    except ValueError:
        return None
    return (found, int(number)) if found and found.tzinfo and number.isdecimal() and len(number) < 19 else None


def _held(user: Any, events: Collection[Event]) -> set[int]:
    if not user.is_authenticated:
        return set()
    rows = Ticket.objects.filter(user=user, event__in=[event.pk for event in events], state=Ticket.State.LIVE)
    return set(rows.values_list("event", flat=True))


@dataclass(frozen=True)
class Seats:
    """`total` there are, `taken` were given, `free` can be had now (neither held for an order nor offered to the line)."""

    total: int
    taken: int
    free: int


def seats_of(event: Event) -> Seats:
    item = StockItem.objects.filter(ref=event.seat_ref).first() or StockItem(ref=event.seat_ref)
    return Seats(item.on_hand, item.allocated, item.free)


def own_wait(user: Any, event: Event) -> EventWait | None:
    """Where this person stands: the live entry, with `ahead` of it, or None."""
    if not user.is_authenticated:
        return None
    entry = EventWait.objects.filter(event=event, user=user, state__in=EventWait.LIVE).first()
    if entry is not None:
        before = Q(joined_at__lt=entry.joined_at) | Q(joined_at=entry.joined_at, pk__lt=entry.pk)
        ahead = EventWait.objects.filter(before, event=event, state=EventWait.State.WAITING).count()
        entry.place = ahead + 1  # type: ignore[attr-defined]
    return entry


def way_in(event: Event, ticket: Ticket | None, *, runs: bool) -> str:
    """The room's address, for who has a seat or runs it; never in calendars, mails or notices, which others may read."""
    shown = event.place == Event.Place.ONLINE and (runs or ticket is not None) and event.cancelled_at is None
    return event.join_url if shown and now() <= event.ends_at else ""


def guests(event: Event, query: str = "") -> list[Ticket]:
    """Live tickets and those who came, by name; those whose name or code holds `query`. 200 at most, one query."""
    rows = Ticket.objects.filter(Q(state=Ticket.State.LIVE) | Q(came_at__isnull=False), event=event).select_related("user")
    if query := query.strip():
        rows = rows.filter(Q(user__name__icontains=query) | Q(code__startswith=query.upper().replace("-", "")))
    return list(rows.order_by("user__name", "pk")[:DOOR_ROWS])


def counts_of(event: Event) -> dict[str, int]:
    """`seats` taken, `came`, `waiting` in line. Two queries."""
    rows = Ticket.objects.filter(event=event)
    counts = rows.aggregate(
        seats=Count("pk", filter=Q(state=Ticket.State.LIVE)), came=Count("pk", filter=Q(came_at__isnull=False))
    )
    return counts | {"waiting": EventWait.objects.filter(event=event, state__in=EventWait.LIVE).count()}


def calendar_events(user: Any) -> QuerySet[Event]:
    """For the person's private calendar: what they have a seat in or organise; the last 90 days and to come."""
    held = Ticket.objects.filter(user=user, state=Ticket.State.LIVE).values("event")
    called_off = Ticket.objects.filter(user=user, event__cancelled_at__isnull=False, came_at=None)
    called_off = called_off.filter(ended_at__gte=F("event__cancelled_at")).values("event")
    mine = Q(pk__in=held) | Q(organiser=user) | Q(pk__in=called_off)
    rows = event_access.visible_events(user).filter(mine, starts_at__gte=now() - KEPT)
    return rows.order_by("starts_at", "pk")[:500]


def as_calendar_event(event: Event) -> CalendarEvent:
    """With the page's address, never the room's; of what happens at a place, the place."""
    host = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return CalendarEvent(
        uid=f"event-{event.pk}@{host}",
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=event.title,
        url=site_address(event.path),
        text=plain_text(event.html)[:500],
        place=", ".join(part for part in (event.venue, event.address) if part) if event.place == Event.Place.OFFLINE else "",
        sequence=event.sequence,
        changed_at=event.changed_at,
        is_cancelled=event.cancelled_at is not None,
    )


def event_seats_offered_to(user_id: int) -> dict[str, datetime]:
    """Stock refs of the events in which a seat is kept for this person now, and until when. One query."""
    rows = EventWait.objects.filter(user=user_id, state=EventWait.State.OFFERED, deadline__gt=now())
    return {f"event:{event}": deadline for event, deadline in rows.values_list("event", "deadline") if deadline is not None}
