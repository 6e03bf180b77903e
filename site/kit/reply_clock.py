"""The reply clock: by when homework, a question or a message is answered. Hours run only on days that count."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from kit.clock import local_date, start_of_day

DAY = timedelta(days=1)
Span = tuple[date, date | None]


def is_off(day: date, off: Iterable[Span]) -> bool:
    """Whether the day lies in one of these spans, both ends included; None: without an end."""
    return any(first <= day and (last is None or day <= last) for first, last in off)


def due_after(moment: datetime, *, hours: int, zone: str, off: Iterable[Span]) -> datetime:
    """`moment` plus hours that run only on days that count, in UTC; a pause without an end is left out, for the clock of
    others goes on.
    """
    left, at, off = timedelta(hours=hours), moment, tuple((first, last) for first, last in off if last is not None)
    while True:
        day = local_date(at, zone)
        following = start_of_day(day + DAY, zone)
        if not is_off(day, off):
            if left <= following - at:
                return at + left
            left -= following - at
        at = following
