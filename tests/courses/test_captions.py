"""Captions: read with errors by line, served and shown to whom the lesson is open, found by nobody else."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.captions import CaptionsRefused, read_cues, write_cues
from courses.flows import add_media, revoke_seat, save_captions
from courses.models import LessonPage, Media
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user
from tests.search.test_paid_lessons import deliver

pytestmark = pytest.mark.django_db
VTT = (
    "WEBVTT\n\nNOTE ours\n\n1\n00:01.000 --> 00:04.500 align:start\nHold the <b>zugzwang</b>\n\n"
    "00:01:00.000 --> 00:01:02.000\n& let go\n"
)


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=3))


def spoken(cohort: Any, day: int = 2, title: str = "Strings") -> Media:
    sound = SimpleUploadedFile("a.mp3", b"ID3\x04\x00\x00\x00\x00\x00\x00 sound")
    item = add_media(course=cohort.course, file=sound, title=title)
    save_captions(media=item, sources={"en": VTT})
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug=f"day-{day}")
    page.body = [*page.body.raw_data, {"type": "media", "value": {"media": item.pk, "caption": ""}}]
    page.save_revision().publish()
    return item


def path_of(cohort: Any, item: Media, language: str = "en") -> str:
    return f"/courses/{cohort.course.slug}/day-2/media/{item.pk}/captions-{language}.vtt"


def test_cues_are_read_and_written_the_same() -> None:
    cues = read_cues("\ufeff" + VTT.replace("\n", "\r\n"))
    assert cues == [[1000, 4500, "Hold the zugzwang"], [60_000, 62_000, "& let go"]]
    assert read_cues(write_cues(cues)) == cues
    assert read_cues("  \n") == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("1\n00:01.000 --> 00:02.000\nx", 1),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx", 3),
        ("WEBVTT\n\n00:61.000 --> 01:02.000\nx", 3),
        ("WEBVTT\n\nname\n00:05.000 --> 00:02.000\nx", 4),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:04.000 --> 00:07.000\ny", 6),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n\nwords alone", 3),
        ("WEBVTT\n\nwords alone\nand more", 4),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\n" + "x" * 1001, 3),
    ],
)
def test_what_is_wrong_is_named_by_its_line(source: str, line: int) -> None:
    with pytest.raises(CaptionsRefused) as refusal:
        read_cues(source)
    assert f"第 {line} 行" in str(refusal.value)


def test_the_learner_gets_the_track_and_reads_what_is_said(cohort: Any, student: Any, client_of: Any, clock: Any) -> None:
    item = spoken(cohort)
    enrol(student, cohort)
    clock.advance(days=1)
    browser = client_of(student)
    response = browser.get(path_of(cohort, item))
    assert response.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.content.decode().startswith("WEBVTT\n\n00:00:01.000 --> 00:00:04.500\nHold the zugzwang\n")
    assert browser.get(path_of(cohort, item, "zh-hans")).status_code == 404
    page = f"/courses/{cohort.course.slug}/day-2/"
    html = browser.get(page).content.decode()
    assert f'data-seek-media="{item.pk}" data-second="60">1:00</a> &amp; let go' in html
    one = queries(browser, page)
    for number in range(8):
        spoken(cohort, title=f"More {number}")
    assert queries(browser, page) == one <= 12


@pytest.mark.parametrize("who", ["anonymous", "visitor", "early", "refunded", "teacher2"])
def test_strangers_neither_get_nor_find_what_is_said(who: str, cohort: Any, teacher2: Any, client_of: Any) -> None:
    item = spoken(cohort)
    person = teacher2 if who == "teacher2" else make_user()
    if who in {"early", "refunded"}:
        enrol(person, cohort, source="order:1")
    if who == "refunded":
        revoke_seat(source="order:1")
    browser = Client() if who == "anonymous" else client_of(person)
    assert browser.get(path_of(cohort, item)).status_code == 404
    lesson = browser.get(f"/courses/{cohort.course.slug}/day-2/")
    deliver()
    found = browser.get("/search/", {"q": "zugzwang"})
    assert b"let go" not in lesson.content
    assert f"{cohort.course.slug}/day-2" not in found.content.decode()


def test_who_may_hear_it_finds_what_is_said(cohort: Any, student: Any, client_of: Any, clock: Any) -> None:
    spoken(cohort)
    enrol(student, cohort)
    clock.advance(days=1)
    deliver()
    assert f"{cohort.course.slug}/day-2" in client_of(student).get("/search/", {"q": "zugzwang"}).content.decode()


def test_the_teacher_writes_them_beside_the_title(cohort: Any, teacher: Any, teacher2: Any, client_of: Any) -> None:
    item = spoken(cohort)
    path = f"/admin/snippets/courses/media/edit/{item.pk}/"
    browser = client_of(cohort.course.teacher)
    html = browser.get(path).content.decode()
    assert "zugzwang" in html
    assert "字幕 · English" in html
    values = {"title": "New", "captions en": "", "captions zh-hant": "WEBVTT\n\n00:01.000 --> 00:02.000\n您好"}
    wrong = browser.post(path, {**values, "captions zh-hant": "WEBVTT\n\n00:09.000 --> 00:02.000\n您好"})
    assert wrong.status_code == 200
    assert "第 3 行" in wrong.content.decode()
    assert client_of(teacher2).post(path, values).status_code == 404
    item.refresh_from_db()
    assert list(item.captions) == ["en"]
    assert browser.post(path, values).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.captions) == ("New", {"zh-hant": [[1000, 2000, "您好"]]})


SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\n您好\r\n\r\n2\r\n00:00:03,500 --> 00:00:04,000\r\n1,000 次\r\n"


@pytest.mark.parametrize(
    ("content", "cues"),
    [
        (SRT.encode(), [[1000, 2000, "您好"], [3500, 4000, "1,000 次"]]),
        (b"\xef\xbb\xbf" + SRT.encode(), [[1000, 2000, "您好"], [3500, 4000, "1,000 次"]]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n您好".encode(), [[1000, 2000, "您好"]]),
    ],
)
def test_a_file_takes_the_place_of_what_was_written(cohort: Any, client_of: Any, content: bytes, cues: list[Any]) -> None:
    item = spoken(cohort)
    path = f"/admin/snippets/courses/media/edit/{item.pk}/"
    file = SimpleUploadedFile("x.srt", content)
    values = {
        "title": "New",
        "captions en": "",
        "captions zh-hant": "WEBVTT\n\n00:09.000 --> 00:10.000\nold",
        "file zh-hant": file,
    }
    assert client_of(cohort.course.teacher).post(path, values).status_code == 302
    item.refresh_from_db()
    assert item.captions == {"zh-hant": cues}


@pytest.mark.parametrize(
    "content", ["天".encode("big5"), b"\xff\xfe\x00", b"<html>", b"1\n00:00:09,000 --> 00:00:02,000\nback\n", b"x" * 1_000_001]
)
def test_a_file_that_is_no_captions_changes_nothing(cohort: Any, client_of: Any, content: bytes) -> None:
    item = spoken(cohort)
    path = f"/admin/snippets/courses/media/edit/{item.pk}/"
    response = client_of(cohort.course.teacher).post(path, {"title": "New", "file en": SimpleUploadedFile("x.srt", content)})
    assert response.status_code == 200
    item.refresh_from_db()
    assert (item.title, list(item.captions)) == ("Strings", ["en"])


@pytest.mark.parametrize(
    ("first", "last", "right"), [(1, 2, True), (None, 2, True), (2, 2, False), (3, 2, False), (1, None, False)]
)
def test_the_part_that_repeats_ends_after_it_begins(cohort: Any, first: Any, last: Any, right: bool) -> None:
    from wagtail.blocks import StructBlockValidationError

    from courses.blocks import MediaBlock

    block = MediaBlock()
    value = block.to_python({"media": spoken(cohort).pk, "caption": "", "loop_from": first, "loop_to": last})
    if right:
        assert block.clean(value)["loop_to"] == last
        return
    with pytest.raises(StructBlockValidationError):
        block.clean(value)
