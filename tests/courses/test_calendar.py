"""Unlock rules, rest days, pauses and travel: what opens when, and that nothing that was open ever closes (property tests)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.access import opening_moment
from courses.calendar import FOREVER, Calendar, Off, add_days, days_off, due_after, merge, streak
from courses.models import Cohort, Enrolment, Lesson
from kit.clock import local_date, start_of_day
from tests.courses.test_unlock import ZONES

DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 7, 1), timezones=st.just(UTC))
some_off = st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 4, 30)), st.integers(0, 9), moments), max_size=6).map(
    lambda rows: [Off(first, first + length * DAY, known) for first, length, known in rows]
)
trips = st.lists(st.tuples(st.sampled_from(ZONES), moments), max_size=5).map(lambda rows: sorted(rows, key=lambda row: row[1]))
RULES = st.one_of(
    st.integers(1, 60).map(lambda number: ("day", number)),
    st.dates(date(2025, 12, 20), date(2026, 5, 30)).map(lambda day: ("date", day)),
    moments.map(lambda moment: ("met", moment)),
)


def opening(calendar: Calendar, rule: tuple[str, Any]) -> datetime | None:
    kind, value = rule
    if kind == "day":
        return calendar.opens(lambda span: span.begins(span.day(value)))
    if kind == "date":
        return calendar.opens(lambda span: span.begins(span.on_or_after(value)))
    return calendar.opens(lambda span: span.not_before(value))


def known_at(moment: datetime, home: str, journey: list[tuple[str, datetime]], off: list[Off]) -> Calendar:
    """The calendar as it stood at that moment: journeys and rest days that came later are not in it."""
    done = [(zone, left) for zone, left in journey if left <= moment]
    rest = [zone for zone, left in journey if left > moment]
    here = rest[0] if rest else home
    return Calendar(date(2026, 1, 5), [*done, (here, FOREVER)], [one for one in off if one.known_at <= moment])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=RULES, home=st.sampled_from(ZONES), journey=trips, off=some_off, asked=moments, later=st.integers(0, 4000))
def test_what_was_open_stays_open_whatever_flights_rest_days_and_clock_changes_follow(
    rule: tuple[str, Any], home: str, journey: list[tuple[str, datetime]], off: list[Off], asked: datetime, later: int
) -> None:
    """Asked at any moment with what was known then; if it was open, it is open at every later moment with all that followed."""
    before = opening(known_at(asked, home, journey, off), rule)
    if before is None or before > asked:
        return
    again = asked + timedelta(hours=later)
    after = opening(known_at(again, home, journey, off), rule)
    assert after is not None
    assert after <= asked


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(zone=st.sampled_from(ZONES), number=st.integers(1, 90), off=some_off)
def test_day_n_is_the_nth_day_that_counts(zone: str, number: int, off: list[Off]) -> None:
    """Announced beforehand, rest days move the day by exactly as many days as lie before it; the plain count is the model."""
    start = date(2026, 1, 5)
    early = [Off(one.first, one.last) for one in off]
    calendar = Calendar(start, [(zone, FOREVER)], early)
    moment = calendar.opens(lambda span: span.begins(span.day(number)))
    day, counted = start - DAY, 0
    while counted < number:
        day += DAY
        counted += not any(one.first <= day <= (one.last or day) for one in early)
    assert moment == start_of_day(day, zone)
    assert calendar.number(day) == number
    assert calendar.counts(day)


@given(zone=st.sampled_from(ZONES), off=some_off, number=st.integers(1, 60))
def test_a_rest_day_never_makes_anything_open_sooner_and_days_stay_in_order(zone: str, off: list[Off], number: int) -> None:
    plain = Calendar(date(2026, 1, 5), [(zone, FOREVER)])
    rested = Calendar(date(2026, 1, 5), [(zone, FOREVER)], [Off(one.first, one.last) for one in off])

    def day(calendar: Calendar, wanted: int) -> datetime:
        moment = calendar.opens(lambda span: span.begins(span.day(wanted)))
        assert moment is not None
        return moment

    assert day(rested, number) >= day(plain, number)
    assert day(rested, number) < day(rested, number + 1)


def test_while_a_learner_is_away_without_an_end_nothing_new_has_a_date() -> None:
    away = Calendar(date(2026, 1, 5), [("Asia/Taipei", FOREVER)], [Off(date(2026, 1, 8), None)])
    assert away.opens(lambda span: span.begins(span.day(3))) is not None
    assert away.opens(lambda span: span.begins(span.day(4))) is None
    assert away.opens(lambda span: span.begins(span.on_or_after(date(2026, 2, 1)))) is None
    back = Calendar(date(2026, 1, 5), [("Asia/Taipei", FOREVER)], [Off(date(2026, 1, 8), date(2026, 1, 17))])
    assert back.opens(lambda span: span.begins(span.day(4))) == start_of_day(date(2026, 1, 18), "Asia/Taipei")


def test_flying_west_over_the_date_line_closes_nothing_that_nobody_had_opened_yet() -> None:
    """Day 5 came in Kiritimati (+14); an hour later she is in Pago Pago (−11), where it is still day 4."""
    came = start_of_day(date(2026, 1, 9), "Pacific/Kiritimati")
    user = User(time_zone="Pacific/Pago_Pago")
    user.former_zones = [{"zone": "Pacific/Kiritimati", "until": (came + timedelta(hours=1)).isoformat()}]
    seat = Enrolment(user=user, cohort=Cohort(), starts_on=date(2026, 1, 5))
    assert opening_moment(seat, Lesson(day=5)) == came
    assert opening_moment(seat, Lesson(day=6)) == start_of_day(date(2026, 1, 10), "Pacific/Pago_Pago")


@given(first=days, length=st.integers(0, 5), further=st.integers(0, 40))
def test_adding_days_and_counting_days_off_agree(first: date, length: int, further: int) -> None:
    off = merge([Off(first, first + length * DAY), Off(first + 9 * DAY, first + 9 * DAY)])
    start = first - 2 * DAY
    target = add_days(start, further, off)
    assert target is not None
    assert (target - start).days == further + days_off(start, target, off)


def test_a_rest_day_breaks_no_streak_and_practice_on_it_counts() -> None:
    today, off = date(2026, 2, 20), ((date(2026, 2, 16), date(2026, 2, 18)),)
    assert streak({date(2026, 2, 15), date(2026, 2, 19)}, today) == 1
    assert streak({date(2026, 2, 15), date(2026, 2, 19)}, today, off) == 2
    assert streak({date(2026, 2, 15), date(2026, 2, 17), date(2026, 2, 19), today}, today, off) == 4
    assert streak({date(2026, 2, 14), date(2026, 2, 19)}, today, off) == 1
    assert streak({date(2026, 2, 15)}, date(2026, 2, 17), off) == 1
    assert streak(set(), today, off) == 0
    assert streak(set(), date(2026, 2, 17), off) == 0


@given(zone=st.sampled_from(ZONES), asked=moments, hours=st.integers(1, 200), off=some_off)
def test_a_reply_clock_stands_still_on_days_off_and_runs_on_all_others(
    zone: str, asked: datetime, hours: int, off: list[Off]
) -> None:
    rests = merge(off)
    due = due_after(asked, hours=hours, zone=zone, off=rests)
    ran, at = timedelta(0), asked
    while at < due:
        following = min(start_of_day(local_date(at, zone) + DAY, zone), due)
        if not any(first <= local_date(at, zone) <= (last or first) for first, last in rests):
            ran += following - at
        at = following
    assert ran == timedelta(hours=hours)


@settings(max_examples=300, deadline=None)
@given(
    done=st.sets(st.integers(0, 40), max_size=30),
    rests=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 4)), max_size=5),
    asked=st.integers(0, 41),
)
def test_a_streak_is_the_longest_run_up_to_today_over_days_that_count(
    done: set[int], rests: list[tuple[int, int]], asked: int
) -> None:
    """Against a walk over the days that says, day by day, whether the run goes on."""
    first = date(2026, 2, 1)
    off = [(first + start * DAY, first + (start + length) * DAY) for start, length in rests]
    resting = {start + more for start, length in rests for more in range(length + 1)}
    expected = 0
    for number in range(asked + 1):
        if number in done:
            expected += 1
        elif number not in resting and number != asked:
            expected = 0
    known = {first + number * DAY for number in done if number <= asked}
    assert streak(known, first + asked * DAY, off) == expected
