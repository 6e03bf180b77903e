"""Day N opens at the start of the learner's N-th local day, wherever that is and however the clocks change."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from courses.access import _through, opening_moment
from courses.models import Cohort, Enrolment, Lesson
from kit.clock import local_date, now

ZONES = [
    "Asia/Taipei",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Pacific/Auckland",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "UTC",
]
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def seat_of(zone: str, starts_on: date, events: list[dict[str, object]] | None = None) -> Enrolment:
    seat = Enrolment(user=User(time_zone=zone), cohort=Cohort(), starts_on=starts_on)
    seat.events = events or []  # type: ignore[attr-defined]
    return seat


@given(zone=st.sampled_from(ZONES), starts_on=days, day=st.integers(1, 400))
@example(zone="America/Havana", starts_on=date(2026, 3, 8), day=1)  # the day begins at one o'clock
@example(zone="Asia/Beirut", starts_on=date(2026, 3, 29), day=1)  # midnight does not exist
@example(zone="America/Sao_Paulo", starts_on=date(2026, 1, 1), day=60)
def test_the_moment_is_the_first_of_that_local_day(zone: str, starts_on: date, day: int) -> None:
    moment = opening_moment(seat_of(zone, starts_on), Lesson(day=day))
    assert moment is not None
    wanted = starts_on + timedelta(days=day - 1)
    assert local_date(moment, zone) == wanted
    assert local_date(moment - timedelta(seconds=1), zone) < wanted


@given(zone=st.sampled_from(ZONES), starts_on=days, day=st.integers(1, 60), seconds=st.integers(-200_000, 200_000))
def test_open_means_that_the_local_day_has_come(zone: str, starts_on: date, day: int, seconds: int) -> None:
    """Asked at any moment around the change of day, the answer is what a wall calendar there says."""
    boundary = datetime.combine(starts_on + timedelta(days=day - 1), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC)
    asked = boundary + timedelta(seconds=seconds)
    before = settings.CLOCK_OFFSET
    settings.CLOCK_OFFSET = (asked - datetime.now(UTC)).total_seconds()
    try:
        moment = now()
        access = _through(seat_of(zone, starts_on), Lesson(pk=1, day=day))
        if abs((moment - boundary).total_seconds()) > 1:  # the clock runs on between the two readings
            assert access.granted == (local_date(moment, zone) >= starts_on + timedelta(days=day - 1))
    finally:
        settings.CLOCK_OFFSET = before


@given(home=st.sampled_from(ZONES), away=st.sampled_from(ZONES), starts_on=days, day=st.integers(1, 60))
def test_what_was_opened_stays_open_after_travelling_anywhere(home: str, away: str, starts_on: date, day: int) -> None:
    """Flying west sets the calendar back; a lesson that was open before the flight is open after it."""
    lesson = Lesson(pk=7, day=day)
    boundary = opening_moment(seat_of(home, starts_on), lesson)
    assert boundary is not None
    before = settings.CLOCK_OFFSET
    settings.CLOCK_OFFSET = (boundary + timedelta(seconds=5) - datetime.now(UTC)).total_seconds()
    try:
        assert _through(seat_of(home, starts_on), lesson).granted
        assert _through(seat_of(away, starts_on, [{"lesson": 7, "kind": "opened"}]), lesson).granted
    finally:
        settings.CLOCK_OFFSET = before


@given(zone=st.sampled_from(ZONES), starts_on=days)
def test_days_open_in_order_and_none_is_skipped(zone: str, starts_on: date) -> None:
    seat = seat_of(zone, starts_on)
    moments = [opening_moment(seat, Lesson(day=day)) for day in range(1, 40)]
    gaps = [later - earlier for earlier, later in pairwise(moments)]  # type: ignore[operator]
    assert all(timedelta(hours=22) <= gap <= timedelta(hours=26) for gap in gaps)
