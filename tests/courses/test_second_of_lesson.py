"""`?t=134` on a lesson, as a post's "2:14" leads to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from community.flows import open_topic
from community.models import Space
from courses.models import Course, Lesson, Media
from kit.clock import now
from tests.factories import enrol, make_cohort, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(student: User, client_of: Callable[[User], Client]) -> Client:
    course: Course = make_course(lessons=1, slug="ukulele")
    values = {
        "kind": "audio",
        "title": "Strum",
        "key": "courses/a.mp3",
        "content_type": "audio/mpeg",
        "size": 9,
        "created_at": now(),
    }
    film = Media.objects.create(course=course, **values)
    page = Lesson.objects.get().pages.first()
    page.body = [{"type": "media", "value": {"media": film.pk, "caption": ""}}]
    page.save_revision().publish()
    cohort = make_cohort(course=course)
    enrol(student, cohort)
    return client_of(student)


def test_the_first_recording_begins_at_the_second_that_was_asked_for(browser: Client) -> None:
    for asked in ("134", "", "-1", "9999999", "1x", "²"):
        page = browser.get("/courses/ukulele/day-1/", {"t": asked}).content.decode()
        assert ('data-start="134"' in page, "data-asked" in page) == (asked == "134", asked == "134")


def test_a_question_under_the_lesson_says_where_and_shows_it_in_both_places(browser: Client, student: User) -> None:
    lesson, space = Lesson.objects.get(), Space.objects.get()
    topic = open_topic(
        author=student, space=space, kind="question", title="Here?", source="at 2:14", key="k", about=f"lesson:{lesson.pk}"
    )
    for address in ("/courses/ukulele/day-1/", topic.path):
        assert 'href="/courses/ukulele/day-1/?t=134"' in browser.get(address).content.decode()
