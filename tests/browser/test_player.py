"""Practising with a recording by keyboard: speed, a part that repeats, forth and back."""

import io
import math
import struct
import wave
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page

from accounts.models import User
from courses.flows import add_media
from courses.models import LessonPage
from tests.browser.conftest import OpenWindow
from tests.factories import enrol, make_cohort, make_course

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("window", ["desk"], indirect=True)]
SECONDS = 20


def _sound() -> bytes:
    """A quiet tone, as WAV: Chromium plays it without any codec."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        tone = (int(800 * math.sin(number / 8)) for number in range(8000 * SECONDS))
        file.writeframes(b"".join(struct.pack("<h", value) for value in tone))
    return out.getvalue()


@pytest.fixture
def page(student: User, open_window: OpenWindow) -> Page:
    cohort = make_cohort(course=make_course(slug="ukulele", lessons=1))
    enrol(student, cohort)
    item = add_media(course=cohort.course, file=SimpleUploadedFile("a.wav", _sound()), title="Strings")
    lesson = LessonPage.objects.get(lesson__course=cohort.course)
    value = {"media": item.pk, "caption": "", "loop_from": 2.0, "loop_to": 3.5}
    lesson.body = [*lesson.body.raw_data, {"type": "media", "value": value}]
    lesson.save_revision().publish()
    page = open_window(student)
    page.goto("/en/courses/ukulele/day-1/")
    _until(page, "audio.readyState > 0")
    return page


def _audio(page: Page, expression: str) -> Any:
    return page.evaluate(f"(audio => {expression})(document.querySelector('audio'))")


def _until(page: Page, expression: str) -> None:
    """Asked again and again from here: the page's policy lets no string be run in it."""
    for _tenth in range(300):
        if _audio(page, expression):
            return
        page.wait_for_timeout(100)
    state = _audio(page, "[audio.currentTime, audio.paused, audio.readyState, audio.seeking, audio.playbackRate]")
    pytest.fail(f"never: {expression}; time, paused, ready, seeking, rate: {state}")


def test_speed_and_a_part_that_repeats_by_keyboard(page: Page) -> None:
    assert page.locator("[data-player=part]").inner_text() == "0:02 – 0:03", "the author's own part"
    page.locator("[data-player=speed]").focus()
    page.keyboard.press(">")
    assert _audio(page, "audio.playbackRate") == 1.25
    for _press in range(9):
        page.keyboard.press("<")
    assert _audio(page, "audio.playbackRate") == 0.5
    assert page.locator("[data-player=speed]").input_value() == "0.5"
    page.keyboard.press("\\")
    assert page.locator("[data-player=part]").inner_text() == ""
    _audio(page, "audio.currentTime = 10")
    page.keyboard.press("l")
    assert _audio(page, "audio.currentTime") == 15
    page.keyboard.press("j")
    assert _audio(page, "audio.currentTime") == 10
    page.keyboard.press("[")
    _audio(page, "audio.currentTime = 11")
    page.keyboard.press("]")
    assert page.locator("[data-player=part]").inner_text() == "0:10 – 0:11"
    _audio(page, "audio.currentTime = 10.8")
    page.keyboard.press("k")
    _until(page, "audio.currentTime < 10.7")
    assert _audio(page, "audio.paused") is False
    page.keyboard.press("k")
    assert _audio(page, "audio.paused") is True


def test_a_part_ends_after_it_begins_and_can_be_taken_back(page: Page) -> None:
    page.get_by_role("button", name="Play it all").click()
    _audio(page, "audio.currentTime = 5")
    page.get_by_role("button", name="Repeat from here").click()
    _audio(page, "audio.currentTime = 4")
    page.get_by_role("button", name="to here").click()
    assert page.locator("[data-player=part]").inner_text() == "0:05 – …"
    _audio(page, "audio.currentTime = 6")
    page.get_by_role("button", name="to here").click()
    assert page.locator("[data-player=part]").inner_text() == "0:05 – 0:06"


def test_keys_in_a_field_stay_letters(page: Page) -> None:
    note = page.locator("textarea").first
    note.fill("")
    note.press("k")
    assert note.input_value() == "k"
    assert _audio(page, "audio.paused") is True
