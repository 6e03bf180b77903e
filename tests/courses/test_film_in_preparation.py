"""A film that a worker has yet to make playable: the lesson says so, and the player takes its place when it is ready."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.flows import add_media
from courses.models import Cohort, LessonPage, Media, Transcode
from courses.reads.playlists import in_preparation
from kit.clock import local_date, now
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2 the paid film"
LESSON = "/en/courses/ukulele/day-2/"


@pytest.fixture
def cohort(teacher: Any, student: Any) -> Cohort:
    cohort = make_cohort(course=make_course(slug="ukulele", lessons=2))
    enrol(student, cohort, starts_on=local_date(now(), student.time_zone) - timedelta(days=5))
    return cohort


@pytest.fixture
def film(cohort: Cohort) -> Media:
    item = add_media(course=cohort.course, file=SimpleUploadedFile("a.mp4", FILM), title="Strings")
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug="day-2")
    page.body = [{"type": "media", "value": {"media": item.pk, "caption": "Mind the thumb"}}]
    page.save_revision().publish()
    return item


def end(film: Media, state: str) -> None:
    """As the worker leaves the rows (courses/flows/transcode.py)."""
    Transcode.objects.filter(source=film.key).update(state=state, leased_until=None)
    if state == "ready":
        Media.objects.filter(pk=film.pk).update(playable=Media.Playable.FILM)


@pytest.mark.parametrize("who", ["student", "teacher"])
def test_student_and_author_read_that_it_is_being_prepared_and_then_get_the_player(
    who: str, film: Media, client_of: Any, request: Any
) -> None:
    browser = client_of(request.getfixturevalue(who))
    page = browser.get(LESSON).content.decode()
    assert "is being prepared" in page
    assert "<video" not in page
    address = f"{LESSON}media/{film.pk}/player/"
    assert f'data-hx-get="{address}"' in page
    assert browser.get(address).status_code == 204
    end(film, "ready")
    answer = browser.get(address).content.decode()
    assert "film.m3u8" in answer
    assert "Mind the thumb" in answer
    page = browser.get(LESSON).content.decode()
    assert "is being prepared" not in page
    assert "<video" in page


def test_what_could_not_be_prepared_is_offered_as_it_was_sent(film: Media, student: Any, client_of: Any) -> None:
    end(film, "failed")
    page = client_of(student).get(LESSON).content.decode()
    assert "is being prepared" not in page
    assert "<video" in page


def test_nobody_waits_for_work_that_no_worker_takes_up(film: Media, student: Any, client_of: Any) -> None:
    Transcode.objects.filter(source=film.key).update(created_at=now() - timedelta(hours=1, seconds=1))
    assert "<video" in client_of(student).get(LESSON).content.decode()


def test_strangers_do_not_learn_whether_there_is_a_film(film: Media, client_of: Any) -> None:
    browser = client_of(make_user())
    for state in ("queued", "ready"):
        end(film, state)
        assert browser.get(f"{LESSON}media/{film.pk}/player/").status_code == 404


def test_one_question_for_all_films_and_none_once_they_are_ready(film: Media, django_assert_num_queries: Any) -> None:
    more = [add_media(course=film.course, file=SimpleUploadedFile(f"{number}.mp4", FILM), title="Strings") for number in range(3)]
    with django_assert_num_queries(1):
        assert in_preparation([film, *more]) == {film.pk, *(item.pk for item in more)}
    end(film, "ready")
    film.refresh_from_db()
    with django_assert_num_queries(0):
        assert in_preparation([film]) == set()
