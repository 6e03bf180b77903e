"""Which local day counts, and which day number it is: pure functions, the one place that knows (unlocks, streaks, due dates).

A learner's days are those of their own zone. Days off (the class's rest days, a pause of one's own) are left out, so all
that follows moves together. What was open stays open: each change (a flight, a rest day added, a pause) holds from the
moment it was made, and a lesson that had opened before that moment is not closed by it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import pairwise

from kit.clock import FALLBACK_ZONE, local_date, start_of_day
from kit.reply_clock import due_after as due_after
from kit.reply_clock import is_off as is_off

ALWAYS = datetime.min.replace(tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Off:
    """Local days that do not count, both included; `last` None: until further notice. It holds since `known_at`."""

    first: date
    last: date | None
    known_at: datetime = ALWAYS


@dataclass(frozen=True)
class Span:
    """A stretch of time in which the zone and the days off known to the learner stay the same. [since, until)."""

    since: datetime
    until: datetime
    zone: str
    starts_on: date
    off: tuple[tuple[date, date | None], ...]

    def day(self, number: int) -> date | None:
        """The local date of day `number` (from 1); None while a pause has no end."""
        return add_days(self.starts_on, number - 1, self.off)

    def on_or_after(self, day: date) -> date | None:
        """The first day from `day` on that counts; never before day 1."""
        return add_days(max(day, self.starts_on), 0, self.off)

    def begins(self, day: date | None) -> datetime | None:
        """The first instant of that local day, in UTC."""
        return None if day is None else start_of_day(day, self.zone)

    def not_before(self, moment: datetime) -> datetime | None:
        """`moment` itself where its local day counts, else the beginning of the next day that does."""
        local = local_date(moment, self.zone)
        day = self.on_or_after(local)
        return moment if day == local else self.begins(day)


@dataclass(frozen=True)
class Calendar:
    """A learner's days. `zones`: (name, until), oldest first, the last one without an end."""

    starts_on: date
    zones: Sequence[tuple[str, datetime]] = field(default=((FALLBACK_ZONE, FOREVER),))
    off: Sequence[Off] = ()

    @cached_property
    def spans(self) -> list[Span]:
        """The learner's history, oldest first; without travel and without days off it is one span."""
        cuts = {ALWAYS, *(until for _zone, until in self.zones), *(one.known_at for one in self.off)} - {FOREVER}
        edges = [*sorted(cuts), FOREVER]
        found = []
        for since, until in pairwise(edges):
            zone = next(name for name, end in self.zones if since < end)
            known = merge(one for one in self.off if one.known_at <= since)
            found.append(Span(since, until, zone, self.starts_on, known))
        return found

    def opens(self, rule: Callable[[Span], datetime | None]) -> datetime | None:
        """When what `rule` dates opened or will open, in UTC. What opened under an earlier zone or plan stays open."""
        for span in self.spans:
            moment = rule(span)
            if moment is not None and max(moment, span.since) < span.until:
                return max(moment, span.since)
        return None

    def number(self, day: date) -> int:
        """Which day of the course this local date is; on a day off, the number of the last day that counted. 0 before."""
        if day < self.starts_on:
            return 0
        span = self.spans[-1]
        return (day - self.starts_on).days + 1 - days_off(self.starts_on, day, span.off)

    def counts(self, day: date) -> bool:
        """Whether this local date is no day off."""
        return not is_off(day, self.spans[-1].off)


def merge(parts: Iterable[Off]) -> tuple[tuple[date, date | None], ...]:
    """Days off as disjoint stretches in order."""
    found: list[tuple[date, date | None]] = []
    for part in sorted(parts, key=lambda one: one.first):
        if part.last is not None and part.last < part.first:
            continue
        if found and (found[-1][1] is None or part.first <= found[-1][1] + DAY):
            first, last = found[-1]
            found[-1] = (first, None if last is None or part.last is None else max(last, part.last))
        else:
            found.append((part.first, part.last))
    return tuple(found)


def add_days(day: date, days: int, off: Iterable[tuple[date, date | None]]) -> date | None:
    """`days` counting days after `day` (0: `day` itself, or the next that counts); None where no end is known."""
    target = day + timedelta(days=days)
    for first, last in off:
        if first > target:
            break
        if last is None:
            return None
        if last >= day:
            target += last - max(first, day) + DAY
    return target


def days_off(first: date, last: date, off: Iterable[tuple[date, date | None]]) -> int:
    """How many days off lie between two dates, both included."""
    return sum(max((min(end or last, last) - max(begin, first)).days + 1, 0) for begin, end in off)


def streak(days: set[date], today: date, off: Iterable[tuple[date, date | None]] = ()) -> int:
    """Days in a row with a check-in, up to today or, while today's is still to come, up to the day before.

    A day off breaks nothing; who practises on one has it counted.
    """
    off = tuple(off)
    day = today if today in days else today - DAY
    length = 0
    while day in days or (is_off(day, off) and day > min(days, default=today)):
        length, day = length + (day in days), day - DAY
    return length
