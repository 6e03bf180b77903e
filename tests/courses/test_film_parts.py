"""Playlists, segments, poster and plain piece of a paid film: checked one by one, each for 15 minutes. Real S3 server."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.flows import add_media, revoke_seat, run_transcode
from courses.models import LessonPage, Media, Transcode
from kit.clock import now
from tests.courses.test_media import fetch
from tests.courses_growth import queries
from tests.factories import enrol, make_cohort, make_course, make_user
from tests.films import made

pytestmark = pytest.mark.django_db
PARTS = ["film.m3u8", "low.m3u8", "high.m3u8", "low_00000.ts", "high_00001.ts", "poster.jpg", "plain.mp4"]


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=3))


# What storage holds of a film that was made playable once for all tests of this file: columns of its two rows.
_ready: list[dict[str, Any]] = []


@pytest.fixture
def film(cohort: Any, tmp_path: Path) -> Media:
    if not _ready:
        path = made(tmp_path / "a.mp4", size="640x480", seconds=8)
        item = add_media(course=cohort.course, file=SimpleUploadedFile("a.mp4", path.read_bytes()), title="Strings")
        run_transcode(transcode_id=Transcode.objects.get(source=item.key).pk)
        _ready.extend([_columns(Media.objects.get(pk=item.pk)), _columns(Transcode.objects.get(source=item.key))])
    else:
        item = Media.objects.create(course=cohort.course, **_ready[0])
        Transcode.objects.create(course=cohort.course, **_ready[1])
    show(cohort, 2, [item])
    return item


def _columns(row: Any) -> dict[str, Any]:
    """All but its key and what it belongs to."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key and not field.is_relation]
    return {field.name: getattr(row, field.name) for field in fields}


def show(cohort: Any, day: int, items: list[Media]) -> None:
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug=f"day-{day}")
    page.body = [{"type": "media", "value": {"media": item.pk, "caption": ""}} for item in items]
    page.save_revision().publish()


def base(cohort: Any, day: int, film: Media) -> str:
    return f"/courses/{cohort.course.slug}/day-{day}/media/{film.pk}/"


@pytest.fixture
def browser(cohort: Any, student: Any, client_of: Any, clock: Any) -> Client:
    enrol(student, cohort, source="order:1")
    clock.advance(days=1)
    client: Client = client_of(student)
    return client


def test_the_learner_plays_it_from_playlist_to_segment(cohort: Any, film: Media, browser: Client) -> None:
    path = base(cohort, 2, film)
    top = browser.get(path + "film.m3u8")
    assert top.headers["Content-Type"] == "application/vnd.apple.mpegurl"
    assert {"private", "no-store"} <= {one.strip() for one in top.headers["Cache-Control"].split(",")}
    sizes = re.findall(r"^\w+\.m3u8$", top.content.decode(), re.MULTILINE)
    assert sizes == ["low.m3u8", "high.m3u8"]
    assert "RESOLUTION=480x360" in top.content.decode()
    for size in sizes:
        text = browser.get(path + size).content.decode()
        segments = re.findall(r"^\w+\.ts$", text, re.MULTILINE)
        assert len(segments) == 2
        assert text.endswith("#EXT-X-ENDLIST\n")
        assert "X-Amz" not in text
        for segment in segments:
            response = browser.get(path + segment)
            assert "no-store" in response.headers["Cache-Control"]
            address = response.headers["Location"]
            assert int(parse_qs(urlsplit(address).query)["X-Amz-Expires"][0]) <= 900
            status, body = fetch(address)
            assert (status, body[:1]) == (200, b"\x47")  # an MPEG transport stream (ISO 13818-1)
    assert fetch(browser.get(path + "poster.jpg").headers["Location"])[1][:2] == b"\xff\xd8"
    assert fetch(browser.get(path + "plain.mp4").headers["Location"])[1][4:8] == b"ftyp"


@pytest.mark.parametrize("who", ["anonymous", "visitor", "refunded", "teacher2"])
def test_no_part_is_open_to_strangers_or_after_a_refund(
    who: str, cohort: Any, film: Media, teacher2: Any, client_of: Any
) -> None:
    person = teacher2 if who == "teacher2" else make_user()
    if who == "refunded":
        enrol(person, cohort, source="order:1")
        revoke_seat(source="order:1")
    browser = Client() if who == "anonymous" else client_of(person)
    for part in PARTS:
        for day in (1, 2, 3):
            response = browser.get(base(cohort, day, film) + part)
            assert response.status_code == 404, part
            assert "Location" not in response.headers


def test_the_day_before_it_opens_no_part_is_there(cohort: Any, film: Media, student: Any, client_of: Any) -> None:
    enrol(student, cohort)
    assert [client_of(student).get(base(cohort, 2, film) + part).status_code for part in PARTS] == [404] * len(PARTS)


@pytest.mark.parametrize(
    "part",
    ["low_00002.ts", "low_0000.ts", "mid_00000.ts", "mid.m3u8", "source", "plain.m4a", "..%2fplain.mp4", "low_0000\u0661.ts"],
)
def test_what_the_film_does_not_have_is_not_there(part: str, cohort: Any, film: Media, browser: Client) -> None:
    assert browser.get(base(cohort, 2, film) + part).status_code == 404


def test_a_segments_address_opens_that_segment_alone(cohort: Any, film: Media, browser: Client) -> None:
    address = browser.get(base(cohort, 2, film) + "low_00000.ts").headers["Location"]
    signature = parse_qs(urlsplit(address).query)["X-Amz-Signature"][0]
    forged = [
        address.split("?")[0],
        address.replace("low_00000", "low_00001"),
        address.replace("low_00000.ts", "plain.mp4"),
        address.replace(signature, signature[::-1]),
        re.sub(r"X-Amz-Expires=\d+", "X-Amz-Expires=86400", address),
    ]
    assert fetch(address)[0] == 200
    assert {fetch(one)[0] for one in forged} <= {400, 403, 404}


def test_the_page_offers_both_forms_and_as_many_films_cost_as_much_as_one(cohort: Any, film: Media, browser: Client) -> None:
    page = f"/courses/{cohort.course.slug}/day-2/"
    html = browser.get(page).content.decode()
    assert html.index(base(cohort, 2, film) + "film.m3u8") < html.index(base(cohort, 2, film) + "plain.mp4")
    one = queries(browser, page)
    more = [
        Media.objects.create(
            course=cohort.course, kind="video", title=f"F{n}", key=f"k{n}", content_type="video/mp4", size=1, playable="film",
            created_at=now(),
        )
        for n in range(12)
    ]  # fmt: skip
    show(cohort, 2, [film, *more])
    assert queries(browser, page) == one <= 12


def test_no_form_before_it_is_ready(cohort: Any, film: Media, browser: Client) -> None:
    Media.objects.filter(pk=film.pk).update(playable="")
    assert {browser.get(base(cohort, 2, film) + part).status_code for part in PARTS} == {404}
    assert browser.get(base(cohort, 2, film)).status_code == 302
