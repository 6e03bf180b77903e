"""The rule of a course's certificate, and withdrawing one."""

from typing import Any

import pytest
from django.test import Client

from courses.flows import (
    complete_lesson,
    revoke_certificate,
    revoke_seat,
    set_certificate_rule,
)
from courses.models import Attempt, Certificate, CertificateRule, Enrolment, LessonPage, Quiz
from kit import outbox
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from tests.courses.quiz_cast import Taker, make_quiz, right_answers
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=4, homework_on=1)))
    return seat


def finish(seat: Enrolment, lessons: int) -> None:
    for lesson in seat.cohort.course.lessons.all()[:lessons]:
        complete_lesson(enrolment=seat, lesson=lesson)


def set_rule(seat: Enrolment, client: Client, **rule: Any) -> Any:
    return client.post(f"/teach/courses/{seat.cohort.course.slug}/certificates/", {"lessons_percent": 100, **rule})


def deliver() -> None:
    for message in OutboxMessage.objects.filter(topic="certificate.rule", done_at=None):
        outbox.deliver(message_id=message.pk)


def test_the_teacher_sets_share_and_homework_and_the_rule_holds(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    assert set_rule(seat, client_of(teacher), lessons_percent=50).status_code == 302
    finish(seat, 1)
    assert not Certificate.objects.exists()
    finish(seat, 2)
    assert Certificate.objects.filter(enrolment=seat).count() == 1


def test_all_lessons_means_all(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    set_rule(seat, client_of(teacher), lessons_percent=100)
    finish(seat, 3)
    assert not Certificate.objects.exists()
    finish(seat, 4)
    assert Certificate.objects.exists()


def test_a_gentler_rule_gives_certificates_to_those_who_meet_it_already(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    finish(seat, 4)
    other = enrol(make_user(), seat.cohort)
    assert not Certificate.objects.exists()
    set_rule(seat, client_of(teacher), lessons_percent=80)
    deliver()
    assert Certificate.objects.get().enrolment == seat
    assert not Certificate.objects.filter(enrolment=other).exists()


@pytest.mark.parametrize("percent", ["0", "101", "-5", "", "half"])
def test_an_impossible_share_is_not_saved(seat: Enrolment, client_of: Any, teacher: Any, percent: str) -> None:
    assert set_rule(seat, client_of(teacher), lessons_percent=percent).status_code == 200
    assert not CertificateRule.objects.exists()


def test_quizzes_of_the_lessons_must_be_passed_from_the_seat(seat: Enrolment, teacher: Any) -> None:
    course = seat.cohort.course
    quiz, unused = (Quiz.objects.create(course=course, title=name, created_at=now()) for name in ("Chords", "Unused"))
    page = LessonPage.objects.get(lesson__course=course, lesson__position=2)
    page.body = [("quiz", quiz)]
    page.save()
    set_certificate_rule(course=course, lessons_percent=50, needs_homework=False, needs_quizzes=True, actor=teacher)
    finish(seat, 4)
    deliver()
    assert not Certificate.objects.exists()
    facts = {
        "user": seat.user,
        "started_at": now(),
        "finished_at": now(),
        "pass_percent": 80,
        "questions": [],
        "earned": 1,
        "obtainable": 1,
    }
    Attempt.objects.create(quiz=unused, enrolment=seat, number=1, passed=True, **facts)
    Attempt.objects.create(quiz=quiz, enrolment=seat, number=1, passed=False, **facts)
    finish(seat, 4)
    set_certificate_rule(course=course, lessons_percent=50, needs_homework=False, needs_quizzes=True, actor=teacher)
    deliver()
    assert not Certificate.objects.exists()
    Attempt.objects.create(quiz=quiz, enrolment=seat, number=2, passed=True, **facts)
    set_certificate_rule(course=course, lessons_percent=50, needs_homework=False, needs_quizzes=True, actor=teacher)
    deliver()
    assert Certificate.objects.get().enrolment == seat


def test_only_who_may_withdraw_sees_the_page(seat: Enrolment, client_of: Any, teacher2: Any) -> None:
    finish(seat, 4)
    path = f"/teach/courses/{seat.cohort.course.slug}/certificates/"
    for person in (seat.user, teacher2, make_user()):
        assert client_of(person).get(path).status_code == 404
        assert client_of(person).post(path, {"lessons_percent": 1}).status_code == 404
    assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    assert not CertificateRule.objects.exists()


def test_withdrawn_with_a_reason_and_restored_the_public_page_says_which(
    seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any
) -> None:
    set_rule(seat, client_of(teacher), lessons_percent=50)
    finish(seat, 4)
    row = Certificate.objects.get()
    path, public = f"/teach/courses/{seat.cohort.course.slug}/certificates/{row.pk}/", f"/en/certificates/{row.uuid}/"
    client_of(teacher).post(path, {"revoke": "1", "reason": " "})
    assert "withdrawn" not in Client().get(public).content.decode()
    assert client_of(teacher2).post(path, {"revoke": "1", "reason": "mine"}).status_code == 404
    client_of(teacher).post(path, {"revoke": "1", "reason": "Copied homework"})
    assert "withdrawn" in Client().get(public).content.decode()
    assert client_of(teacher).get(path[: -len(f"{row.pk}/")]).status_code == 200
    client_of(teacher).post(path, {"restore": "1", "reason": "A mistake"})
    assert "withdrawn" not in Client().get(public).content.decode()
    trail = AuditEntry.objects.filter(target=f"certificate:{row.pk}").order_by("pk")
    assert list(trail.values_list("action", "reason")) == [
        ("certificate.revoke", "Copied homework"),
        ("certificate.restore", "A mistake"),
    ]


def test_a_certificate_of_an_ended_seat_is_not_restored_by_hand(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    row = Certificate.objects.create(enrolment=seat, name="An", course_title="Strings", issued_at=now())
    revoke_seat(source=seat.source)
    path = f"/teach/courses/{seat.cohort.course.slug}/certificates/{row.pk}/"
    client_of(teacher).post(path, {"restore": "1", "reason": "please"})
    assert Certificate.objects.get().revoked_at is not None


def test_a_withdrawn_certificate_is_not_issued_again(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    set_rule(seat, client_of(teacher), lessons_percent=50)
    finish(seat, 2)
    revoke_certificate(certificate=Certificate.objects.get(), actor=teacher, reason="x")
    finish(seat, 4)
    assert Certificate.objects.get().revoked_at is not None


def test_by_the_pages_alone_a_passed_quiz_brings_the_certificate(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    """The teacher's rule, lessons completed and a quiz failed, then passed: each by HTTP."""
    course, lesson = seat.cohort.course, seat.cohort.course.lessons.first()
    quiz = make_quiz(lesson, pass_percent=100, attempts=3)
    set_rule(seat, client_of(teacher), lessons_percent=25, needs_quizzes="on")
    browser = client_of(seat.user)
    browser.post(f"/courses/{course.slug}/{lesson.slug}/complete/")
    assert not Certificate.objects.exists()
    taker = Taker(browser, lesson, quiz)
    taker.send(taker.begin(), {})
    assert not Certificate.objects.exists(), "handed in empty: not passed"
    attempt = taker.begin()
    taker.send(attempt, right_answers(attempt))
    certificate = Certificate.objects.get(enrolment=seat)
    assert f"/certificates/{certificate.uuid}/" in browser.get("/learn/").content.decode()
    assert Client().get(f"/certificates/{certificate.uuid}/").status_code == 200
