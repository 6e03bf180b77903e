"""/certificates/<uuid>/: earned by a rule, verified by anyone, withdrawn by a refund."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from courses.flows import complete_lesson, issue_certificate, review_homework, revoke_seat, submit_homework
from courses.models import Certificate, Enrolment
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any) -> Enrolment:
    student = make_user(name="王小明")
    seat: Enrolment = enrol(
        student, make_cohort(course=make_course(lessons=5, homework_on=1, title="從零基礎到自由彈唱")), source="order:1"
    )
    return seat


def finish(seat: Enrolment, lessons: int) -> None:
    for lesson in seat.cohort.course.lessons.all()[:lessons]:
        complete_lesson(enrolment=seat, lesson=lesson)


def do_homework(seat: Enrolment, *, accept: bool) -> None:
    assignment = seat.cohort.course.lessons.first().assignment
    work = submit_homework(enrolment=seat, assignment=assignment, text="Here")
    review_homework(submission=work, author=seat.cohort.course.teacher, body="", accept=accept)


def test_four_lessons_of_five_and_accepted_homework_earn_it(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    finish(seat, 3)
    assert not Certificate.objects.exists()
    finish(seat, 4)
    assert Certificate.objects.get().name == "王小明"


def test_returned_homework_does_not_earn_it_and_accepting_it_later_does(seat: Enrolment) -> None:
    finish(seat, 5)
    do_homework(seat, accept=False)
    assert not Certificate.objects.exists()
    do_homework(seat, accept=True)
    assert Certificate.objects.exists()


def test_it_is_issued_once(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    finish(seat, 5)
    finish(seat, 5)
    assert issue_certificate(enrolment=seat) == Certificate.objects.get()


def test_anyone_verifies_it_and_learns_nothing_else(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    finish(seat, 5)
    response = Client().get(f"/en/certificates/{Certificate.objects.get().uuid}/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "王小明" in html
    assert "從零基礎到自由彈唱" in html
    assert "<svg" in html
    assert seat.user.email not in html
    assert "order:1" not in html


def test_an_unknown_number_is_missing() -> None:
    assert Client().get(f"/certificates/{uuid4()}/").status_code == 404
    assert Client().get(f"/certificates/{uuid4()}/pdf/").status_code == 404


def test_the_paper_carries_name_title_and_address(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    finish(seat, 5)
    uuid = Certificate.objects.get().uuid
    response = Client().get(f"/certificates/{uuid}/pdf/")
    assert response.headers["Content-Type"] == "application/pdf"
    text = PdfReader(BytesIO(response.content)).pages[0].extract_text().replace("\x00", "")
    assert "王小明" in text
    assert "從零基礎到自由彈唱" in text
    assert str(uuid) in text.replace("\n", "")


def test_after_a_refund_it_says_that_it_was_withdrawn(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    finish(seat, 5)
    uuid = Certificate.objects.get().uuid
    revoke_seat(source="order:1")
    html = Client().get(f"/en/certificates/{uuid}/").content.decode()
    assert "withdrawn" in html
    assert "王小明" not in html.split("<main")[1]
    assert Client().get(f"/certificates/{uuid}/pdf/").status_code == 404


def test_a_refunded_seat_earns_nothing_more(seat: Enrolment) -> None:
    do_homework(seat, accept=True)
    revoke_seat(source="order:1")
    finish(seat, 5)
    assert not Certificate.objects.exists()
