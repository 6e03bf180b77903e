"""Who is told of what about an event: holders of tickets, who stands in line. Reminders, once each, by beat."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop as _

from community.models import Event, EventWait, Ticket
from kit.clock import now
from kit.text import slugify_any
from notices.flows import Words, notify_many, withdraw

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAY_LATEST = timedelta(hours=2)  # nearer than that the hour's reminder says it better
CHUNK = 500


def event_path(event: Event) -> str:
    """Without a language prefix: notices are read later, in the reader's own language."""
    return f"/events/{event.pk}-{slugify_any(event.title)}/"


def tell_changed(event: Event) -> None:
    body = _("It begins %(start)s (%(zone)s). The place and the time in your own zone are on its page.")
    _tell(event, _holders(event), "changed", Words(_("Changed: %(title)s"), body, _values(event)), f"ticket:{event.pk}")


def tell_cancelled(event: Event) -> None:
    """Holders and the line; who paid is refunded by the owner's usual way, and hears of that then."""
    people = get_user_model().objects.filter(
        Q(tickets__event=event, tickets__state=Ticket.State.LIVE)
        | Q(pk__in=EventWait.objects.filter(event=event, state__in=EventWait.LIVE).values("user")),
        is_active=True,
    )
    values = _values(event) | {"reason": event.cancel_reason}
    _tell(event, people.distinct(), "cancelled", Words(_("Cancelled: %(title)s"), "%(reason)s", values), "")


def send_event_reminders() -> int:
    """Remind of what begins within a day, and within an hour; how many events were due. For the beat task."""
    moment = now()
    due = Event.objects.filter(cancelled_at=None, starts_at__gt=moment)
    days = due.filter(starts_at__gt=moment + DAY_LATEST, starts_at__lte=moment + DAY)
    days = days.filter(Q(reminded_day=None) | ~Q(reminded_day=F("starts_at")))
    hours = due.filter(starts_at__lte=moment + HOUR).filter(Q(reminded_hour=None) | ~Q(reminded_hour=F("starts_at")))
    found = [(pk, "day") for pk in days.values_list("pk", flat=True)]
    found += [(pk, "hour") for pk in hours.values_list("pk", flat=True)]
    return sum(_remind(pk, span) for pk, span in found)


@transaction.atomic
def _remind(pk: int, span: str) -> bool:
    """One event's reminders, all or none: a worker that dies in between leaves it to the next run. Keys make each once."""
    event = Event.objects.select_for_update(skip_locked=True).filter(pk=pk, cancelled_at=None).first()
    field = f"reminded_{span}"
    if event is None or getattr(event, field) == event.starts_at:
        return False
    setattr(event, field, event.starts_at)
    event.save(update_fields=[field])
    before = event.starts_at - (DAY if span == "day" else HOUR)
    title = _("Tomorrow: %(title)s") if span == "day" else _("In an hour: %(title)s")
    body = _("It begins %(start)s (%(zone)s). The way in and your ticket are on its page.")
    words = Words(title, body, _values(event))
    _tell(event, _holders(event, before), f"{span}:{event.starts_at:%Y%m%d%H%M}", words, f"ticket:{event.pk}")
    return True


def _holders(event: Event, since: datetime | None = None) -> QuerySet[Any]:
    """Who has a seat; taken before `since`, where that is given: who has just taken one needs no reminder."""
    taken = Ticket.objects.filter(event=event, state=Ticket.State.LIVE)
    if since is not None:
        taken = taken.filter(created_at__lte=since)
    return get_user_model().objects.filter(is_active=True, pk__in=taken.values("user"))


def _tell(event: Event, people: QuerySet[Any], what: str, words: Words, gate: str) -> None:
    """What is about to begin, or is called off, waits for no morning (notices.groups.URGENT)."""
    kind = "event.soon" if event.starts_at <= now() + DAY_LATEST or what == "cancelled" else "event"
    what = f"{what}:{event.sequence}" if what in ("changed", "cancelled") else what
    for chunk in _chunks(people):
        notify_many(users=chunk, kind=kind, key=f"event:{event.pk}:{what}", words=words, url=event_path(event), gate=gate)


def _chunks(people: QuerySet[Any]) -> Iterator[list[Any]]:
    last = 0
    while chunk := list(people.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _values(event: Event) -> dict[str, str | int]:
    return {"title": event.title, "start": f"{event.local_start:%Y-%m-%d %H:%M}", "zone": event.time_zone}


def forget_reminders(event: Event, starts_at: datetime) -> None:
    """It does not begin then any more: what was said of that is gone."""
    withdraw(keys=[f"event:{event.pk}:{span}:{starts_at:%Y%m%d%H%M}" for span in ("day", "hour")])
