"""A space's calendar: topics that open by themselves, at most once for every date, whatever worker dies or wakes twice."""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import access
from community.errors import NotSound, Refused
from community.flows.passes import require_owner
from community.flows.writing import LONGEST_TITLE, open_topic
from community.models import Membership, Recurring, RecurringPost, Space, Topic
from kit import audit
from kit.clock import local_date, now, zone
from kit.text import strip_controls

MOST_ENTRIES = 30
# A date is posted late (a worker was dead), but not when nobody cares any more: at most this many days.
LATEST_DAYS = 3
_WORDS = re.compile(r"\{(date|year|month|day|number)\}")
Rhythm = Recurring.Rhythm


@transaction.atomic
def add_recurring(*, by: Any, space: Space, **values: Any) -> Recurring:
    """A new entry: title and source (with {date}, {year}, {month}, {day}, {number}), kind, rhythm, step, at, first_on.

    Raises Refused or NotSound.
    """
    require_owner(by, space)
    if Recurring.objects.filter(space=space).count() >= MOST_ENTRIES:
        raise NotSound(_("A calendar has 30 entries at most."))
    _check(values)
    made = Recurring.objects.create(space=space, author=by, made_at=now(), **values)
    audit.record(actor=by, action="space.calendar", target=f"space:{space.pk}", before="", after=f"recurring:{made.pk}")
    return made


@transaction.atomic
def pause_recurring(*, by: Any, entry: Recurring, on: bool) -> None:
    """Nothing is posted while it is paused; dates that pass meanwhile stay without."""
    require_owner(by, entry.space)
    # Going on counts from now: the dates of the pause are not made up for.
    values = {"is_paused": on} if on else {"is_paused": on, "made_at": now()}
    Recurring.objects.filter(pk=entry.pk, is_paused=not on).update(**values)


@transaction.atomic
def end_recurring(*, by: Any, entry: Recurring) -> None:
    """Take an entry off the calendar; what it posted stays."""
    require_owner(by, entry.space)
    if Recurring.objects.filter(pk=entry.pk).delete()[0]:
        target = f"space:{entry.space_id}"
        audit.record(actor=by, action="space.calendar", target=target, before=f"recurring:{entry.pk}", after="")


def post_due() -> int:
    """Open what is due and not yet opened; each entry in a transaction of its own. Returns how many were opened."""
    open_spaces = Recurring.objects.filter(is_paused=False, space__archived_at=None).select_related("space").order_by("pk")
    return sum(post_entry(entry_id=entry.pk) for entry in open_spaces.iterator() if due_date(entry, now()) is not None)


@transaction.atomic
def post_entry(*, entry_id: int) -> bool:
    """Open the topic of this entry's latest due date, unless it was: its row for the date is the proof, made with the topic
    in one transaction behind the entry's lock."""
    entry = lock_entry(entry_id)
    due = due_date(entry, now()) if entry else None
    if entry is None or due is None or RecurringPost.objects.filter(recurring=entry, due_on=due).exists():
        return False
    author = _author(entry)
    if author is None:
        return False
    number = RecurringPost.objects.filter(recurring=entry).count() + 1
    try:
        with transaction.atomic():
            topic = open_topic(
                author=author,
                space=entry.space,
                kind=entry.kind,
                title=filled(entry.title, due, number)[:LONGEST_TITLE],
                source=filled(entry.source, due, number),
                key=f"calendar:{entry.pk}:{due}",
                is_paced=False,
            )
    except (Refused, NotSound):
        return False
    RecurringPost.objects.create(recurring=entry, due_on=due, topic=topic)
    return True


def lock_entry(entry_id: int) -> Recurring | None:
    """The entry under its lock, if it still posts."""
    rows = Recurring.objects.select_for_update(of=("self",)).select_related("space", "author")
    return rows.filter(pk=entry_id, is_paused=False, space__archived_at=None).first()


def due_date(entry: Recurring, moment: datetime) -> date | None:
    """The latest date whose time has come by `moment` in the space's zone; None where there is none, it lies before the entry
    was made, or it is too old to be posted still."""
    today = local_date(moment, entry.space.time_zone)
    for back in range(LATEST_DAYS + 1):
        day = today - timedelta(days=back)
        if falls_on(entry, day) and (opens := opens_at(entry, day)) <= moment:
            return day if opens >= entry.made_at else None
    return None


def next_date(entry: Recurring, moment: datetime) -> date | None:
    """The next date that is still to come."""
    today = max(local_date(moment, entry.space.time_zone), entry.first_on)
    days = (today + timedelta(days=ahead) for ahead in range(367))
    return next((day for day in days if falls_on(entry, day) and opens_at(entry, day) > moment), None)


def falls_on(entry: Recurring, day: date) -> bool:
    """Whether the rhythm has this date. A day of the month that a month lacks is its last one."""
    if day < entry.first_on:
        return False
    if entry.rhythm == Rhythm.WEEKLY:
        return day.weekday() == entry.step
    if entry.rhythm == Rhythm.MONTHLY:
        return day.day == min(entry.step, calendar.monthrange(day.year, day.month)[1])
    return (day - entry.first_on).days % entry.step == 0


def opens_at(entry: Recurring, day: date) -> datetime:
    """The moment of a date, by the clock on the wall of the space's zone."""
    return datetime.combine(day, entry.at, tzinfo=zone(entry.space.time_zone)).astimezone(UTC)


def filled(template: str, day: date, number: int) -> str:
    """The template's words in place; nothing else in braces means anything."""
    values = {"date": day.isoformat(), "year": day.year, "month": day.month, "day": day.day, "number": number}
    return _WORDS.sub(lambda match: str(values[match[1]]), template)


def _author(entry: Recurring) -> Any:
    """Who planned it while they may announce here, else an owner of the space, else nobody."""
    standing = access.standing_in(entry.author, entry.space)
    if entry.author.is_active and standing is not None and standing.may_write and standing.may_moderate:
        return entry.author
    owners = Membership.objects.filter(
        space=entry.space, ended_at=None, role=Membership.Role.OWNER, user__is_active=True
    ).select_related("user")
    owner = owners.order_by("pk").first()
    return owner.user if owner else None


def _check(values: dict[str, Any]) -> None:
    title = " ".join(strip_controls(values["title"]).split())
    source = strip_controls(values["source"]).strip()
    steps = {Rhythm.WEEKLY: range(7), Rhythm.MONTHLY: range(1, 32), Rhythm.DAYS: range(1, 367)}
    if not title or len(title) > 120 or not source or len(source) > 10_000:
        raise NotSound(_("A title has 1 to 120 characters, a text 1 to 10,000."))
    if values["rhythm"] not in Rhythm.values or values["step"] not in steps[values["rhythm"]]:
        raise NotSound(_("This rhythm has no such day."))
    if values["kind"] not in Topic.Kind.values:
        raise NotSound(_("There is no such kind of post."))
    values["title"], values["source"] = title, source
