"""/learn/: one's own courses, today's lesson first."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from courses.flows import complete_lesson, revoke_seat
from courses.models import CheckIn, Enrolment
from courses.reads.learn import streak
from kit.clock import local_date, now
from tests.courses_growth import grow, queries
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=3, title="Strings")))
    return seat


def test_learning_is_for_who_is_signed_in() -> None:
    assert Client().get("/learn/").headers["Location"] == "/accounts/login/?next=/learn/"


def test_without_a_seat_it_leads_to_the_courses(visitor: Any, client_of: Any) -> None:
    assert 'href="/courses/"' in client_of(visitor).get("/learn/").content.decode()


def test_todays_lesson_is_the_first_that_is_open_and_not_done(seat: Enrolment, client_of: Any, clock: Any) -> None:
    browser = client_of(seat.user)
    first, second, _third = seat.cohort.course.lessons.all()
    target = f"/en/courses/{seat.cohort.course.slug}/"
    assert f'href="{target}day-1/"' in browser.get("/en/learn/").content.decode()
    complete_lesson(enrolment=seat, lesson=first)
    html = browser.get("/en/learn/").content.decode()
    assert "Done for today" in html
    assert f'href="{target}day-2/"' not in html
    assert "1 of 3 lessons" in html
    clock.advance(days=1)
    assert f'href="{target}day-2/"' in browser.get("/en/learn/").content.decode()
    complete_lesson(enrolment=seat, lesson=second)
    assert "2 of 3 lessons" in browser.get("/en/learn/").content.decode()


def test_nobody_sees_anothers_learning(seat: Enrolment, client_of: Any) -> None:
    assert "Strings" not in client_of(make_user()).get("/learn/").content.decode()


def test_after_a_refund_the_course_is_gone_from_the_list(seat: Enrolment, client_of: Any) -> None:
    revoke_seat(source=seat.source)
    assert "Strings" not in client_of(seat.user).get("/learn/").content.decode()


def test_checking_in_is_once_a_local_day_and_makes_a_streak(seat: Enrolment, client_of: Any, clock: Any) -> None:
    path = f"/learn/{seat.cohort.slug}/check-in/"
    for _day in range(3):
        for _twice in range(2):
            assert client_of(seat.user).post(path, {"note": "C, slowly"}).status_code == 302
        clock.advance(days=1)
    assert CheckIn.objects.count() == 3
    assert "3 days in a row" in client_of(seat.user).get("/en/learn/").content.decode()
    clock.advance(days=1)
    assert "0 days in a row" in client_of(seat.user).get("/en/learn/").content.decode()


def test_nobody_checks_in_to_a_class_that_is_not_theirs(seat: Enrolment, client_of: Any) -> None:
    path = f"/learn/{seat.cohort.slug}/check-in/"
    assert client_of(make_user()).post(path).status_code == 404
    assert client_of(make_user()).post("/learn/nothing/check-in/").status_code == 404
    assert Client().post(path).headers["Location"].startswith("/accounts/login/")
    assert not CheckIn.objects.exists()


def test_a_streak_lives_until_a_whole_day_is_missed() -> None:
    today = local_date(now(), "Asia/Taipei")
    back = [today - timedelta(days=n) for n in range(6)]
    assert streak(set(back[:3]), today) == 3
    assert streak(set(back[1:4]), today) == 3
    assert streak(set(back[2:]), today) == 0
    assert streak(set(), today) == 0


def test_learning_asks_at_most_twelve_queries_with_one_course_or_many(seat: Enrolment, client_of: Any) -> None:
    browser = client_of(seat.user)
    few = queries(browser, "/learn/")
    for _number in range(29):
        enrol(seat.user, make_cohort(course=make_course(lessons=2)))
    grow(seat.cohort, lessons=300, people=1000)
    assert queries(browser, "/learn/") == few
    assert few <= 12
