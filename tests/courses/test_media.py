"""Paid media: an address that lives 15 minutes and opens one object, after the access check. Against a real S3 server."""

import re
import time
import urllib.error
import urllib.request
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.flows import add_media, revoke_seat
from courses.models import LessonPage, Media
from kit.clock import local_date, now
from kit.storage import presigned_address
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
SOUND = b"ID3\x04\x00\x00\x00\x00\x00\x00 the paid sound"


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=3))


def put(cohort: Any, day: int) -> Media:
    media = add_media(course=cohort.course, file=SimpleUploadedFile("a.mp3", SOUND), title="Strings")
    page = LessonPage.objects.get(lesson__course=cohort.course, lesson__slug=f"day-{day}")
    page.body = [{"type": "media", "value": {"media": media.pk, "caption": ""}}]
    page.save_revision().publish()
    return media


def path_of(cohort: Any, day: int, media: Media) -> str:
    return f"/courses/{cohort.course.slug}/day-{day}/media/{media.pk}/"


def fetch(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_learners_address_opens_the_file_for_fifteen_minutes_at_most(
    cohort: Any, student: Any, client_of: Any, clock: Any
) -> None:
    media = put(cohort, 2)
    enrol(student, cohort)
    clock.advance(days=1)
    response = client_of(student).get(path_of(cohort, 2, media))
    assert response.status_code == 302
    assert "no-store" in response.headers["Cache-Control"]
    address = response.headers["Location"]
    assert int(parse_qs(urlsplit(address).query)["X-Amz-Expires"][0]) <= 900
    assert fetch(address) == (200, SOUND)


@pytest.mark.parametrize("who", ["anonymous", "visitor", "early", "revoked", "teacher2"])
def test_nobody_else_gets_an_address(who: str, cohort: Any, teacher2: Any, client_of: Any) -> None:
    media = put(cohort, 2)
    person = teacher2 if who == "teacher2" else make_user()
    if who in {"early", "revoked"}:
        starts = local_date(now(), person.time_zone) + timedelta(days=9 if who == "early" else -5)
        enrol(person, cohort, source="order:1", starts_on=starts)
    if who == "revoked":
        revoke_seat(source="order:1")
    browser = Client() if who == "anonymous" else client_of(person)
    for day in (1, 2, 3):
        response = browser.get(path_of(cohort, day, media))
        assert response.status_code == 404
        assert "Location" not in response.headers


def test_the_free_lesson_opens_its_own_files_and_no_paid_one(cohort: Any) -> None:
    free, paid = put(cohort, 1), put(cohort, 2)
    assert Client().get(path_of(cohort, 1, free)).status_code == 302
    assert Client().get(path_of(cohort, 1, paid)).status_code == 404


def test_a_file_of_another_course_does_not_open_through_ones_own(cohort: Any, student: Any, client_of: Any, teacher: Any) -> None:
    own = make_cohort(course=make_course(lessons=1))
    enrol(student, own)
    media = put(cohort, 2)
    page = LessonPage.objects.get(lesson__course=own.course)
    page.body = [{"type": "media", "value": {"media": media.pk, "caption": ""}}]
    page.save_revision().publish()
    assert client_of(student).get(path_of(own, 1, media)).status_code == 404
    assert client_of(teacher).get(path_of(own, 1, media)).status_code == 404


def test_the_addresses_of_storage_do_not_stand_in_the_page(cohort: Any, client: Client) -> None:
    media = put(cohort, 1)
    html = client.get(f"/courses/{cohort.course.slug}/day-1/").content.decode()
    assert path_of(cohort, 1, media) in html
    assert media.key not in html
    assert "X-Amz" not in html


def test_wrong_tampered_and_expired_signatures_open_nothing(cohort: Any) -> None:
    first, second = put(cohort, 1), put(cohort, 2)
    address = presigned_address(first.key)
    assert fetch(address)[0] == 200
    plain = address.split("?")[0]
    signature = parse_qs(urlsplit(address).query)["X-Amz-Signature"][0]
    forged = [
        plain,
        address.replace(first.key, second.key),
        address.replace(signature, signature[::-1]),
        re.sub(r"X-Amz-Expires=\d+", "X-Amz-Expires=604800", address),
        re.sub(r"X-Amz-Date=\d{8}", "X-Amz-Date=20200101", address),
        plain.rsplit("/", 1)[0] + "/",
    ]
    for attempt in forged:
        status, body = fetch(attempt)
        assert status in {400, 403, 404}, attempt
        assert SOUND not in body


def test_an_address_ends(cohort: Any) -> None:
    media = put(cohort, 1)
    address = presigned_address(media.key, seconds=1)
    time.sleep(2.2)
    status, body = fetch(address)
    assert status in {400, 403}  # rclone says 400, S3 403
    assert SOUND not in body


def test_nobody_can_ask_for_a_longer_life() -> None:
    address = presigned_address("courses/1/x.mp3", seconds=86_400)
    assert parse_qs(urlsplit(address).query)["X-Amz-Expires"] == ["900"]


def test_private_files_are_not_in_the_public_bucket(cohort: Any, settings: Any) -> None:
    media = put(cohort, 1)
    status, body = fetch(f"{settings.S3_PUBLIC_URL}/{media.key}")
    assert status == 404
    assert SOUND not in body


def test_the_back_office_uploads_by_content_into_ones_own_course(
    cohort: Any, teacher: Any, teacher2: Any, client_of: Any
) -> None:
    path = "/admin/snippets/courses/media/add/"
    browser = client_of(teacher)
    sent = {"course": cohort.course.pk, "title": "A clip"}
    browser.post(path, {**sent, "file": SimpleUploadedFile("a.mp3", b"<html>")})
    client_of(teacher2).post(path, {**sent, "file": SimpleUploadedFile("a.mp3", SOUND)})
    assert not Media.objects.exists()
    assert browser.post(path, {**sent, "file": SimpleUploadedFile("a.exe", SOUND)}).status_code == 302
    media = Media.objects.get()
    assert (media.kind, media.content_type, media.title) == ("audio", "audio/mpeg", "A clip")
    assert re.fullmatch(rf"courses/{cohort.course.pk}/[0-9a-f]{{32}}\.mp3", media.key)
