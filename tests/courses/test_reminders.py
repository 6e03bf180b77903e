"""The daily reminder: at her hour, in her zone, once, and only where something is open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from courses.flows import add_rest_days, complete_lesson, pause_seat, revoke_seat, send_reminders, set_reminder
from courses.models import Enrolment, Reminder
from kit.clock import zone
from kit.models import OutboxMessage
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any, clock: Any) -> Enrolment:
    clock.set(datetime(2027, 3, 1, 1, 1, tzinfo=UTC))  # 09:01 in Taipei
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=4), starts_on=date(2027, 3, 1)))
    return seat


def messages() -> list[str]:
    with override("en"):
        return [notice.headline for notice in Notice.objects.filter(kind="lesson").order_by("pk")]


def test_the_account_page_leads_to_the_setting_which_is_kept(student: Any, client_of: Any) -> None:
    browser = client_of(student)
    assert 'href="/learn/reminder/"' in browser.get("/account/").content.decode()
    assert browser.post("/learn/reminder/", {"hour": "20", "by_email": "on"}).status_code == 302
    assert Reminder.objects.values_list("user", "hour", "by_email").get() == (student.pk, 20, True)
    browser.post("/learn/reminder/", {"hour": "24"})
    assert Reminder.objects.get().hour == 20
    browser.post("/learn/reminder/", {"hour": ""})
    assert not Reminder.objects.exists()
    assert Client().get("/learn/reminder/").headers["Location"].startswith("/accounts/login/")


def test_at_her_hour_one_message_leads_to_the_open_lesson(seat: Enrolment, client_of: Any, clock: Any) -> None:
    set_reminder(user=seat.user, hour=20)
    send_reminders()
    assert messages() == []
    clock.set(datetime(2027, 3, 1, 12, 1, tzinfo=UTC))  # 20:01 in Taipei
    for _again in range(3):
        send_reminders()
    assert messages() == ["Day 1 is open: Lesson 1"]
    notice = Notice.objects.get(kind="lesson")
    opened = client_of(seat.user).get(f"/notices/{notice.pk}/")
    assert opened.headers["Location"] == f"/courses/{seat.cohort.course.slug}/day-1/"
    assert client_of(seat.user).get(opened.headers["Location"]).status_code == 200
    assert OutboxMessage.objects.filter(topic="notice.mail", key=str(notice.pk)).count() == 1
    complete_lesson(enrolment=seat, lesson=seat.cohort.course.lessons.first())
    clock.advance(days=1)
    send_reminders()
    assert messages()[1:] == ["Day 2 is open: Lesson 2"]


def test_who_wants_no_e_mail_gets_none(seat: Enrolment, clock: Any) -> None:
    set_reminder(user=seat.user, hour=9, by_email=False)
    send_reminders()
    notice = Notice.objects.get(kind="lesson")
    assert not OutboxMessage.objects.filter(topic="notice.mail", key=str(notice.pk)).exists()


@pytest.mark.parametrize("why", ["refunded", "paused", "resting", "done", "never asked", "closed account"])
def test_no_message_comes_where_none_should(seat: Enrolment, clock: Any, why: str, teacher: Any) -> None:
    if why != "never asked":
        set_reminder(user=seat.user, hour=9)
    if why == "refunded":
        revoke_seat(source=seat.source)
    if why == "paused":
        pause_seat(enrolment=seat, actor=teacher, reason="")
    if why == "resting":
        add_rest_days(cohort=seat.cohort, first=date(2027, 3, 2), last=date(2027, 3, 2), name="Rest", actor=teacher)
    if why == "closed account":
        seat.user.is_active = False
        seat.user.save()
    lessons = seat.cohort.course.lessons.all()
    for lesson in lessons if why == "done" else lessons[:1]:
        complete_lesson(enrolment=seat, lesson=lesson)
    clock.advance(days=1)
    send_reminders()
    assert messages() == []
    assert (why in ("refunded", "never asked", "closed account")) or Reminder.objects.get().last_on == date(2027, 3, 2)


def test_a_long_outage_is_not_made_up_for_at_night(seat: Enrolment, clock: Any) -> None:
    set_reminder(user=seat.user, hour=9)
    clock.advance(hours=2, minutes=30)
    send_reminders()
    assert len(messages()) == 1
    clock.advance(hours=21, minutes=30)  # 09:00 the next day goes by
    clock.advance(hours=4)
    send_reminders()
    assert len(messages()) == 1


@pytest.mark.parametrize(("first", "hour"), [(date(2027, 3, 12), 2), (date(2027, 11, 5), 1)])
def test_across_daylight_saving_each_local_day_has_exactly_one(seat: Enrolment, clock: Any, first: date, hour: int) -> None:
    """New York skips 02:00 on 14 March 2027 and has 01:00 twice on 7 November 2027."""
    seat.user.time_zone = "America/New_York"
    seat.user.save()
    set_reminder(user=seat.user, hour=hour)
    moment = datetime(first.year, first.month, first.day, 10, 31, tzinfo=UTC)
    for _quarter in range(4 * 24 * 4):
        clock.set(moment)
        send_reminders()
        moment += timedelta(minutes=15)
    days = [key.rsplit(":", 1)[1] for key in Notice.objects.filter(kind="lesson").order_by("pk").values_list("key", flat=True)]
    assert days == [str(first + timedelta(days=n)) for n in range(1, 5)]
    hours = [
        notice.created_at.astimezone(zone("America/New_York")).hour
        for notice in Notice.objects.filter(kind="lesson").order_by("pk")
    ]
    assert set(hours) <= {hour, hour + 1}
