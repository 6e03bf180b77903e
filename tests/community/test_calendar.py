"""A space's calendar: each date once, whatever worker dies; by the clock on the wall of the space's zone."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.test import Client

from accounts.models import User
from community import flows
from community.errors import NotSound
from community.flows import calendar
from community.models import Membership, Recurring, RecurringPost, Space, Topic
from tests.factories import make_space, make_user

pytestmark = pytest.mark.django_db
# A Wednesday, 07:00 in Taipei.
BEGIN = datetime(2027, 1, 5, 23, tzinfo=UTC)


@pytest.fixture
def space(db: None) -> Space:
    space = make_space(slug="yard")
    flows.join(user=make_user(), space=space, role="owner")
    return space


def boss_of(space: Space) -> User:
    return Membership.objects.get(space=space, role="owner").user


def entry(space: Space, rhythm: str = "weekly", step: int = 2, **fields: Any) -> Recurring:
    values = {"title": "Week {number}, {date}", "source": "{month}/{day} {x}", "kind": "experience", "at": time(8), **fields}
    values.setdefault("first_on", date(2027, 1, 1))
    return flows.add_recurring(by=boss_of(space), space=space, rhythm=rhythm, step=step, **values)


def titles() -> list[str]:
    return list(Topic.objects.order_by("pk").values_list("title", flat=True))


def test_a_topic_opens_at_its_time_in_the_spaces_zone_and_once(space: Space, clock: Any) -> None:
    clock.set(BEGIN)
    entry(space)
    assert flows.post_due() == 0
    clock.set(datetime(2027, 1, 6, 0, 0, 30, tzinfo=UTC))
    assert flows.post_due() == 1
    assert [flows.post_due() for _time in range(3)] == [0, 0, 0]
    assert titles() == ["Week 1, 2027-01-06"]
    assert Topic.objects.get().posts.get().source == "1/6 {x}"
    clock.advance(days=7)
    flows.post_due()
    assert titles()[1:] == ["Week 2, 2027-01-13"]


def test_a_dead_worker_posts_late_but_each_date_once_and_nothing_that_nobody_awaits_any_more(space: Space, clock: Any) -> None:
    clock.set(BEGIN)
    entry(space)
    clock.set(datetime(2027, 1, 22, 3, tzinfo=UTC))  # Friday of the third week
    assert flows.post_due() == 1
    assert titles() == ["Week 1, 2027-01-20"]
    clock.set(datetime(2027, 2, 1, 3, tzinfo=UTC))  # Monday: five days late
    assert flows.post_due() == 0


def test_a_worker_that_dies_between_topic_and_row_leaves_neither(
    space: Space, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(BEGIN)
    made = entry(space)
    clock.advance(hours=2)
    with monkeypatch.context() as patch:
        patch.setattr(RecurringPost.objects, "create", lambda **_values: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            calendar.post_entry(entry_id=made.pk)
    assert titles() == []
    assert flows.post_due() == 1


@pytest.mark.parametrize(
    ("rhythm", "step", "first_on", "expected"),
    [
        ("weekly", 0, "2027-01-01", ["2027-01-04", "2027-01-11", "2027-01-18"]),
        ("monthly", 31, "2027-01-15", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("monthly", 1, "2027-01-02", ["2027-02-01", "2027-03-01"]),
        ("days", 10, "2027-01-03", ["2027-01-03", "2027-01-13", "2027-01-23"]),
    ],
)
def test_rhythms(space: Space, rhythm: str, step: int, first_on: str, expected: list[str]) -> None:
    made = Recurring(space=space, rhythm=rhythm, step=step, first_on=date.fromisoformat(first_on), at=time(8))
    days = (date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(90))
    found = [day.isoformat() for day in days if calendar.falls_on(made, day)]
    assert found[: len(expected)] == expected


def test_the_hour_follows_daylight_saving(space: Space) -> None:
    space.time_zone = "Europe/Paris"
    made = Recurring(space=space, rhythm="days", step=1, first_on=date(2027, 1, 1), at=time(8))
    assert calendar.opens_at(made, date(2027, 1, 10)).hour == 7
    assert calendar.opens_at(made, date(2027, 7, 10)).hour == 6


@pytest.mark.parametrize("why", ["paused", "archived", "ended"])
def test_a_calendar_that_rests_posts_nothing(space: Space, clock: Any, why: str) -> None:
    clock.set(BEGIN)
    made = entry(space)
    if why == "paused":
        flows.pause_recurring(by=boss_of(space), entry=made, on=True)
    elif why == "archived":
        flows.set_archived(by=boss_of(space), space=space, on=True)
    else:
        flows.end_recurring(by=boss_of(space), entry=made)
    clock.advance(hours=2)
    assert flows.post_due() == 0
    assert not calendar.post_entry(entry_id=made.pk)
    if why == "paused":
        flows.pause_recurring(by=boss_of(space), entry=made, on=False)
        assert flows.post_due() == 0  # the date that passed meanwhile is not made up for


def test_an_entry_made_after_its_hour_begins_with_the_next_date(space: Space, clock: Any) -> None:
    clock.set(datetime(2027, 1, 6, 4, tzinfo=UTC))
    entry(space)
    assert flows.post_due() == 0


def test_another_owner_writes_where_the_one_who_planned_it_has_left(space: Space, clock: Any) -> None:
    clock.set(BEGIN)
    first, second = boss_of(space), make_user()
    entry(space)
    flows.join(user=second, space=space, role="owner")
    flows.set_role(by=second, membership=Membership.objects.get(user=first), role="reader")
    clock.advance(hours=2)
    flows.post_due()
    assert Topic.objects.get().author == second


@pytest.mark.parametrize(
    "wrong",
    [{"rhythm": "weekly", "step": 7}, {"rhythm": "days", "step": 0}, {"rhythm": "monthly", "step": 32}, {"title": " "}],
)
def test_a_rhythm_that_cannot_be_is_refused(space: Space, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSound):
        entry(space, **wrong)


def test_the_page_adds_pauses_and_ends(space: Space, client_of: Callable[[User], Client], clock: Any) -> None:
    clock.set(BEGIN)
    boss, address = client_of(boss_of(space)), "/en/community/yard/settings/calendar/"
    sent = {"title": "Day {number}", "source": "x", "kind": "question", "rhythm": "weekly", "at": "20:30"}
    assert boss.post(address, {**sent, "first_on": "2027-01-01"}).status_code == 400
    assert boss.post(address, {**sent, "first_on": "2027-01-01", "weekday": "4"}).status_code == 302
    assert boss.post(address, {**sent, "first_on": "2027-01-01", "rhythm": "monthly"}).status_code == 400
    made = Recurring.objects.order_by("pk").last()
    assert made is not None
    assert (made.step, made.at) == (4, time(20, 30))
    page = boss.get(address).content.decode()
    assert "every Friday at 20:30" in page
    assert "2027-01-08" in page
    boss.post(f"{address}{made.pk}/", {"do": "pause"})
    made.refresh_from_db()
    assert made.is_paused
    boss.post(f"{address}{made.pk}/", {"do": "end"})
    assert not Recurring.objects.filter(pk=made.pk).exists()


def _post_at_once(entry_id: int, workers: int) -> None:
    start = threading.Barrier(workers)

    def work() -> None:
        start.wait()
        try:
            calendar.post_entry(entry_id=entry_id)
        except Exception:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_open_one_topic(clock: Any) -> None:
    space = make_space()
    flows.join(user=make_user(), space=space, role="owner")
    clock.set(BEGIN)
    made = entry(space)
    clock.advance(hours=2)
    _post_at_once(made.pk, 4)
    assert titles() == ["Week 1, 2027-01-06"]


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_row_the_date_is_opened_more_than_once(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    space = make_space()
    flows.join(user=make_user(), space=space, role="owner")
    clock.set(BEGIN)
    made = entry(space)
    clock.advance(hours=2)
    everybody_has_read = threading.Barrier(4)
    authors = iter([flows.join(user=make_user(), space=space, role="owner").user for _n in range(4)])

    def read_without_lock(entry_id: int) -> Recurring:
        found = Recurring.objects.select_related("space", "author").get(pk=entry_id)
        found.author = next(authors)
        everybody_has_read.wait()
        return found

    monkeypatch.setattr(calendar, "lock_entry", read_without_lock)
    monkeypatch.setattr(RecurringPost.objects, "create", lambda **_values: None)
    _post_at_once(made.pk, 4)
    assert len(titles()) > 1
