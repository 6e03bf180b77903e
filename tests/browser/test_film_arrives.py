"""A film that was being prepared when the page was read: its player comes by itself, with speed and keys."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from accounts.models import User
from courses.flows import add_media
from courses.models import LessonPage, Media, Transcode
from kit.clock import now
from tests.browser.conftest import OpenWindow
from tests.factories import enrol, make_cohort, make_course

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("window", ["desk"], indirect=True)]
FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2 the paid film"


def test_the_player_takes_the_place_of_the_words_by_itself(student: User, open_window: OpenWindow) -> None:
    cohort = make_cohort(course=make_course(slug="ukulele", lessons=1))
    enrol(student, cohort)
    film = add_media(course=cohort.course, file=SimpleUploadedFile("a.mp4", FILM), title="Strings")
    lesson = LessonPage.objects.get(lesson__course=cohort.course)
    lesson.body = [{"type": "media", "value": {"media": film.pk, "caption": ""}}]
    lesson.save_revision().publish()
    Transcode.objects.update(state="queued", created_at=now(), ended_at=None)  # the worker is not there yet
    page = open_window(student)
    page.goto("/en/courses/ukulele/day-1/")
    expect(page.get_by_text("is being prepared")).to_be_visible()
    Transcode.objects.update(state="failed", leased_until=None)
    assert Media.objects.get(pk=film.pk).playable == "", "what cannot be prepared is offered as it was sent"
    expect(page.locator("video")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("is being prepared")).to_have_count(0)
    speed = page.locator("[data-player=speed]")
    expect(speed).to_be_visible()
    speed.press(">")
    expect(speed).to_have_value("1.25")
