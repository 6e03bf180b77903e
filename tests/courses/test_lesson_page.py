"""/courses/<course>/<lesson>/: reading, completing, resuming, asking; queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.flows import accept_answer, open_topic, reply
from community.models import Space, Topic
from courses.flows import (
    add_lessons,
    complete_lesson,
    pin_lessons,
    pin_started_cohorts,
    publish_course,
    review_homework,
    submit_homework,
)
from courses.flows.authoring import LessonDraft
from courses.models import Enrolment, LessonPage, LessonPin, Media, ProgressEvent, ResumePoint, Submission
from kit.clock import local_date, now
from kit.models import OutboxMessage
from tests.courses_growth import grow, queries
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku, make_user
from tests.profile import size

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=3, homework_on=1))


@pytest.fixture
def seat(cohort: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, cohort)
    return seat


def address(cohort: Any, day: int = 1, tail: str = "") -> str:
    return f"/courses/{cohort.course.slug}/day-{day}/{tail}"


def recording(course: Any, **fields: Any) -> Media:
    values = {"kind": "audio", "title": "Strings", "key": f"courses/{course.pk}/{fields.pop('name', 'a')}.mp3", **fields}
    return Media.objects.create(course=course, content_type="audio/mpeg", size=9, created_at=now(), **values)


def put_into(page: LessonPage, media: Media) -> None:
    page.body = [*page.body.raw_data, {"type": "media", "value": {"media": media.pk, "caption": "Listen"}}]
    page.save_revision().publish()


def page_of(cohort: Any, day: int) -> LessonPage:
    return LessonPage.objects.get(lesson__course=cohort.course, lesson__slug=f"day-{day}")


def test_opening_is_recorded_once_and_only_for_learners(cohort: Any, seat: Enrolment, client_of: Any, teacher: Any) -> None:
    for browser in (client_of(seat.user), client_of(seat.user), client_of(teacher), Client()):
        assert browser.get(address(cohort)).status_code == 200
    assert list(ProgressEvent.objects.values_list("enrolment", "kind")) == [(seat.pk, "opened")]


def test_completing_twice_from_two_tabs_is_completing_once(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    for browser in (client_of(seat.user), client_of(seat.user)):
        assert browser.post(address(cohort, 1, "complete/")).headers["Location"] == "/learn/"
    assert ProgressEvent.objects.filter(kind="completed").count() == 1
    assert OutboxMessage.objects.get(topic="progress.day_reached").payload == {"enrolment": seat.pk, "day": 1}


@pytest.mark.parametrize("who", ["anonymous", "visitor", "early", "teacher"])
@pytest.mark.parametrize("tail", ["complete/", "stopped/", "ask/", "homework/"])
def test_nobody_acts_in_a_lesson_that_is_not_open_to_them(
    who: str, tail: str, cohort: Any, seat: Enrolment, client_of: Any
) -> None:
    people = {"visitor": make_user, "early": lambda: seat.user, "teacher": lambda: cohort.course.teacher}
    browser = client_of(people[who]()) if who in people else Client()
    response = browser.post(address(cohort, 2, tail), {"title": "x", "text": "x", "seconds": 1, "media": 1, "at": 1})
    assert response.status_code == 404
    assert not ProgressEvent.objects.exists()
    assert not ResumePoint.objects.exists()
    assert not Topic.objects.exists()
    assert not Submission.objects.exists()


def test_nothing_is_written_by_asking_for_a_page_of_action(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    for tail in ("complete/", "stopped/", "ask/", "homework/"):
        assert client_of(seat.user).get(address(cohort, 1, tail)).status_code == 405


def test_the_player_resumes_where_one_stopped_and_late_words_change_nothing(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    media = recording(cohort.course)
    put_into(page_of(cohort, 1), media)
    browser = client_of(seat.user)
    moment = int(now().timestamp() * 1000)
    for seconds, at in [(41, moment - 5000), (83, moment - 1000), (12, moment - 3000)]:
        sent = {"media": media.pk, "seconds": seconds, "at": at}
        assert browser.post(address(cohort, 1, "stopped/"), sent).status_code == 204
    assert ResumePoint.objects.get().seconds == 83
    html = browser.get(address(cohort)).content.decode()
    assert f'data-media="{media.pk}" data-start="83"' in html


@pytest.mark.parametrize(
    "sent", [{}, {"media": "x", "seconds": 1, "at": 1}, {"media": 10**12, "seconds": 1, "at": 1}, {"seconds": "nan"}]
)
def test_nonsense_from_a_player_is_a_clear_error(sent: dict[str, Any], cohort: Any, seat: Enrolment, client_of: Any) -> None:
    assert client_of(seat.user).post(address(cohort, 1, "stopped/"), sent).status_code == 400


def test_a_player_cannot_write_into_the_future(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    media = recording(cohort.course)
    late = int((now() + timedelta(days=900)).timestamp() * 1000)
    client_of(seat.user).post(address(cohort, 1, "stopped/"), {"media": media.pk, "seconds": 5, "at": late})
    assert ResumePoint.objects.get().at <= now()


def test_a_question_stands_under_the_lesson_and_on_the_board_with_its_answer(
    cohort: Any, seat: Enrolment, client_of: Any
) -> None:
    browser = client_of(seat.user)
    sent = {"title": "My finger hurts", "source": "What now?", "key": "one"}
    for _twice in range(2):
        assert browser.post(address(cohort, 1, "ask/"), sent).headers["Location"] == address(cohort, 1) + "#questions"
    topic = Topic.objects.get()
    assert topic.about == f"lesson:{page_of(cohort, 1).lesson_id}"
    reply(author=cohort.course.teacher, topic=topic, source="Rest a day.", key="two")
    accept_answer(by=seat.user, topic=topic, no=2)
    html = browser.get(address(cohort)).content.decode()
    assert "My finger hurts" in html
    assert "Rest a day." in html
    assert "My finger hurts" in browser.get("/community/" + topic.space.slug + "/").content.decode()


def test_the_questions_of_a_class_are_not_shown_to_visitors_of_the_free_lesson(
    cohort: Any, seat: Enrolment, client_of: Any
) -> None:
    client_of(seat.user).post(address(cohort, 1, "ask/"), {"title": "My finger hurts", "key": "one"})
    assert "My finger hurts" not in Client().get(address(cohort)).content.decode()
    assert "My finger hurts" not in client_of(make_user()).get(address(cohort)).content.decode()


def test_too_many_questions_are_slowed_down(cohort: Any, seat: Enrolment, client_of: Any, settings: Any) -> None:
    settings.POSTS_PER_MINUTE = 1
    browser = client_of(seat.user)
    browser.post(address(cohort, 1, "ask/"), {"title": "One", "key": "one"})
    response = browser.post(address(cohort, 1, "ask/"), {"title": "Two", "key": "two"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0


def test_a_class_learns_the_text_it_began_with_until_its_teacher_moves_it(
    cohort: Any, seat: Enrolment, client_of: Any, teacher: Any
) -> None:
    pin_lessons(cohort=cohort)
    page = page_of(cohort, 1)
    page.body = [{"type": "text", "value": "<p>Rewritten.</p>"}]
    page.title = page.draft_title = "A new title"
    page.save_revision().publish()
    browser = client_of(seat.user)
    assert "Rewritten" not in browser.get(address(cohort)).content.decode()
    assert "The words of lesson 1." in browser.get(address(cohort)).content.decode()
    assert "Rewritten" in Client().get(address(cohort)).content.decode()
    assert client_of(teacher).post(f"/teach/classes/{cohort.slug}/move/").status_code == 302
    assert "Rewritten" in browser.get(address(cohort)).content.decode()


def test_classes_are_pinned_when_their_first_day_comes(teacher: Any, clock: Any) -> None:
    course = make_course(lessons=2)
    begun = make_cohort(course=course)
    make_cohort(course=course, starts_on=local_date(now(), "Asia/Taipei") + timedelta(days=3))
    pin_started_cohorts()
    pin_started_cohorts()
    assert set(LessonPin.objects.values_list("cohort", flat=True)) == {begun.pk}
    assert LessonPin.objects.count() == 2
    clock.advance(days=4)
    pin_started_cohorts()
    assert LessonPin.objects.count() == 4


def test_the_lesson_is_shown_in_the_readers_language_else_marked(cohort: Any, client: Client) -> None:
    from wagtail.models import Locale

    from courses.flows import translate_course

    translate_course(course=cohort.course, language="en", title="In English")
    html = client.get(f"/en{address(cohort)}").content.decode()
    assert "Shown in the original language" in html
    page = page_of(cohort, 1).copy_for_translation(Locale.objects.get(language_code="en"))
    page.title = "Hello"
    page.body = [{"type": "text", "value": "<p>English words.</p>"}]
    page.save_revision().publish()
    html = client.get(f"/en{address(cohort)}").content.decode()
    assert "English words." in html
    assert "Shown in the original language" not in html
    assert "English words." not in client.get(f"/zh-hant{address(cohort)}").content.decode()


def test_what_people_write_does_not_run(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    browser = client_of(seat.user)
    browser.post(address(cohort, 1, "ask/"), {"title": attack, "source": attack, "key": "one"})
    browser.post(address(cohort, 1, "homework/"), {"text": attack})
    html = browser.get(address(cohort)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    page = client_of(cohort.course.teacher).get(f"/teach/homework/{Submission.objects.get().pk}/").content.decode()
    assert "<script>alert" not in page


def test_a_full_lesson_page_asks_at_most_twelve_queries_and_no_more_with_a_thousand_rows(
    teacher: Any, student: Any, client_of: Any
) -> None:
    """Homework with a review, a pinned text with recordings and an offer, answered questions; then 1,000 of all else."""
    cohort = make_cohort(course=make_course(lessons=10, homework_on=1))
    seat = enrol(student, cohort)
    for number in range(4):
        put_into(page_of(cohort, 1), recording(cohort.course, name=number))
    strings = make_offer(sku=make_sku())
    page = page_of(cohort, 1)
    more: list[dict[str, Any]] = [{"type": "text", "value": f"<p>Line {number}</p>"} for number in range(33)]
    more += [{"type": "check_in", "value": {"prompt": ""}}, {"type": "homework", "value": None}]
    page.body = [*page.body.raw_data, *more, {"type": "offer", "value": f"offer:{strings.pk}"}]
    assert len(page.body) >= 40
    page.save_revision().publish()
    pin_lessons(cohort=cohort)
    lesson = page.lesson
    work = submit_homework(enrolment=seat, assignment=lesson.assignment, text="Here")
    review_homework(submission=work, author=teacher, body="Fine", accept=True)
    complete_lesson(enrolment=seat, lesson=lesson)
    ask(student, teacher, cohort, lesson, 1)
    browser = client_of(student)
    assert strings.title in browser.get(address(cohort)).content.decode()
    few = queries(browser, address(cohort))
    grow(cohort, lessons=size(300, 1000), cohorts=size(300, 1000), people=size(1000, 5000), pins=True)
    for number in range(2, 9):
        ask(student, teacher, cohort, lesson, number)
    assert queries(browser, address(cohort)) == few
    assert few <= 12


def test_the_first_opening_stays_within_twelve_queries_too(cohort: Any, seat: Enrolment, client_of: Any) -> None:
    browser = client_of(seat.user)
    browser.get("/learn/")
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address(cohort)).status_code == 200
    assert len(seen) <= 12


def ask(student: Any, teacher: Any, cohort: Any, lesson: Any, number: int) -> None:
    space = Space.objects.get(about=cohort.seat_ref)
    topic = open_topic(
        author=student,
        space=space,
        kind="question",
        title=f"Why {number}?",
        source="?",
        key=f"q{number}",
        about=f"lesson:{lesson.pk}",
    )
    reply(author=teacher, topic=topic, source="So.", key=f"a{number}")
    accept_answer(by=teacher, topic=topic, no=2)


def test_lessons_added_later_stand_behind_the_others(cohort: Any, teacher: Any, seat: Enrolment) -> None:
    made = add_lessons(course=cohort.course, lessons=["Title only", LessonDraft(title="With slug", slug="encore", day=2)])
    assert [(row.position, row.slug, row.day) for row in made] == [(4, "day-4", 4), (5, "encore", 2)]
    assert not LessonPage.objects.get(lesson=made[0]).live
    publish_course(course=cohort.course, actor=teacher)
    assert LessonPage.objects.get(lesson=made[0]).live
