"""When things happened. Days are counted back from `today`; the loader walks through them with the clock moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings

from kit.clock import FALLBACK_ZONE, zone


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment. `do` must be safe to repeat: a load that failed is begun again."""

    at: datetime
    do: Callable[[], object]


@dataclass(frozen=True)
class Calendar:
    """Days of the demo. `today` is the day it was first loaded; `latest` the moment after which nothing may be."""

    today: date
    latest: datetime

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def moment(self, ago: float, clock: str = "10:00") -> datetime:
        """`clock` on the day so many days ago (negative: to come), in the school's zone; never after `latest`."""
        local = datetime.combine(self.today - timedelta(days=ago), time.fromisoformat(clock), zone(FALLBACK_ZONE))
        return min(local.astimezone(UTC), self.latest)

    def minutes_ago(self, minutes: float) -> datetime:
        return self.latest - timedelta(minutes=minutes)


@contextmanager
def own_clock() -> Iterator[None]:
    """Whatever happens to the clock inside is undone."""
    before = settings.CLOCK_OFFSET
    try:
        yield
    finally:
        settings.CLOCK_OFFSET = before


def travel(moment: datetime) -> None:
    """From now on kit.clock.now() counts from `moment`."""
    settings.CLOCK_OFFSET = round((moment - datetime.now(UTC)).total_seconds())


def walk(steps: Iterator[Step] | list[Step]) -> int:
    """Do everything in the order of its moments; how many steps there were."""
    ordered = sorted(steps, key=lambda step: step.at)
    for step in ordered:
        travel(step.at)
        step.do()
    return len(ordered)
