"""/teach/numbers/: who finished, and who bought again within 30 and 90 days after the class."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.flows import complete_lesson, revoke_seat
from courses.models import Cohort, Enrolment, Lesson
from kit.clock import FALLBACK_ZONE, local_date, now
from shop.orders.returning import class_numbers
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(teacher=teacher, lessons=2), name="Spring")


def end(cohort: Any) -> None:
    """Its last day is today."""
    Cohort.objects.filter(pk=cohort.pk).update(ends_on=local_date(now(), FALLBACK_ZONE))


def test_finished_and_bought_again_are_counted_once_their_time_is_over(
    till: Till, cohort: Any, teacher: Any, clock: Any, client_of: Any
) -> None:
    offer, strings = make_offer(cohort=cohort, slug="seat"), make_offer(sku=make_sku(seller=teacher), slug="strings")
    soon, later, never, gone = (make_user() for _n in range(4))
    for person in (soon, later, never, gone):
        till.bought(offer, user=person)
    for lesson in Lesson.objects.filter(course=cohort.course):
        complete_lesson(enrolment=Enrolment.objects.get(user=soon), lesson=lesson)
    seat = Enrolment.objects.get(user=gone)
    revoke_seat(source=seat.source)
    end(cohort)
    [row] = class_numbers(teacher)
    assert (row.learners, row.finished, row.again) == (3, 1, {30: None, 90: None})
    clock.advance(days=10)
    till.bought(strings, user=soon)
    till.bought(strings, user=soon)
    clock.advance(days=21)
    [row] = class_numbers(teacher)
    assert row.again == {30: 1, 90: None}
    till.bought(strings, user=later)
    clock.advance(days=60)
    [row] = class_numbers(teacher)
    assert row.again == {30: 1, 90: 2}
    page = client_of(teacher).get("/en/teach/numbers/").content.decode()
    assert "33 %" in page
    assert "66 %" in page
    clock.advance(days=1)
    till.bought(strings, user=never)
    assert class_numbers(teacher)[0].again == {30: 1, 90: 2}


def test_another_teacher_and_a_student_see_nothing_of_it(cohort: Any, teacher2: Any, student: Any, client_of: Any) -> None:
    assert class_numbers(teacher2) == []
    assert cohort.name not in client_of(teacher2).get("/en/teach/numbers/").content.decode()
    assert client_of(student).get("/en/teach/numbers/").status_code == 404


def test_the_page_asks_the_same_for_one_class_and_for_many(cohort: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    browser.get("/en/teach/numbers/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/en/teach/numbers/")
    for _n in range(5):
        other = make_cohort(course=cohort.course)
        for _one in range(4):
            enrol(make_user(), other)
    with CaptureQueriesContext(connection) as many:
        browser.get("/en/teach/numbers/")
    assert len(many) == len(few)
