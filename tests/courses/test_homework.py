"""Homework: handed in, reviewed with remarks at seconds, seen by two people only."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from courses.flows import revoke_seat
from courses.models import Enrolment, Remark, Submission
from kit.storage import client as s3
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
FORMAT = b"\x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + FORMAT + b"data\x00\x00\x00\x00"


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=1, homework_on=1)))
    return seat


def path_of(seat: Enrolment) -> str:
    return f"/courses/{seat.cohort.course.slug}/day-1/homework/"


def recording(name: str = "take.wav", body: bytes = WAV) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="audio/wav")


def hand_in(seat: Enrolment, client_of: Any, **sent: Any) -> Any:
    return client_of(seat.user).post(path_of(seat), sent)


def test_a_recording_is_handed_in_under_a_key_of_ours_and_the_teacher_is_told(
    seat: Enrolment, client_of: Any, teacher: Any
) -> None:
    response = hand_in(seat, client_of, text="My first", file=recording("../../etc/passwd.wav"))
    assert response.headers["Location"].endswith("/day-1/#homework")
    work = Submission.objects.get()
    assert work.content_type == "audio/wav"
    assert work.key.startswith("homework/")
    assert ".." not in work.key
    assert Notice.objects.filter(user=teacher, kind="homework").count() == 1


def test_what_a_file_is_is_told_by_its_content(seat: Enrolment, client_of: Any) -> None:
    for body in (
        b"<html><script>alert(1)</script>",
        b"\x00" * 100,
        b"MZ" + b"\x00" * 90,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"",
    ):
        assert hand_in(seat, client_of, file=recording("song.mp3", body or b" ")).status_code == 400
    assert not Submission.objects.exists()


def test_too_large_a_file_is_refused_with_413(seat: Enrolment, client_of: Any, settings: Any) -> None:
    settings.HOMEWORK_MAX_BYTES = 10
    assert hand_in(seat, client_of, file=recording()).status_code == 413
    assert not Submission.objects.exists()


def test_pictures_are_encoded_again_so_that_no_place_travels_with_them(seat: Enrolment, client_of: Any) -> None:
    picture, out = Image.new("RGB", (30, 20), "red"), BytesIO()
    exif = picture.getexif()
    exif[0x010E] = "Taken at home, 25.03 N"
    picture.save(out, "JPEG", exif=exif)
    assert b"Taken at home" in out.getvalue()
    hand_in(seat, client_of, file=SimpleUploadedFile("a.png", out.getvalue()))
    key = Submission.objects.get().key
    stored = s3().get_object(Bucket=settings.S3_PRIVATE_BUCKET, Key=key)["Body"].read()
    assert key.endswith(".jpg")
    assert b"Taken at home" not in stored


def test_a_picture_of_absurd_size_is_refused(seat: Enrolment, client_of: Any) -> None:
    out = BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert hand_in(seat, client_of, file=SimpleUploadedFile("a.png", out.getvalue())).status_code == 400


def test_one_waits_for_an_answer_before_handing_in_again(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    hand_in(seat, client_of, text="One")
    hand_in(seat, client_of, text="Two")
    work = Submission.objects.get()
    assert work.text == "One"
    answer = {
        "body": "Slower.",
        "decision": "return",
        "second": ["0:23", "1:02", "x", ""],
        "remark": ["Thumb", "Clean", "lost", ""],
    }
    review = f"/teach/homework/{work.pk}/"
    assert client_of(teacher).post(review, answer).status_code == 302
    assert list(Remark.objects.values_list("second", "text")) == [(23, "Thumb"), (62, "Clean")]
    html = client_of(seat.user).get(f"/courses/{seat.cohort.course.slug}/day-1/").content.decode()
    assert 'data-second="23"' in html
    assert "Thumb" in html
    hand_in(seat, client_of, text="Two")
    assert Submission.objects.count() == 2
    assert Notice.objects.filter(user=seat.user, key=f"review:{work.pk}").count() == 1


def test_a_second_answer_changes_nothing(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    hand_in(seat, client_of, text="One")
    review = f"/teach/homework/{Submission.objects.get().pk}/"
    client_of(teacher).post(review, {"body": "Good", "decision": "accept"})
    client_of(teacher).post(review, {"body": "No", "decision": "return"})
    work = Submission.objects.get()
    assert (work.state, work.review.body) == ("accepted", "Good")


def test_a_handed_in_file_opens_for_its_maker_and_the_courses_teacher_only(
    seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any, owner: Any
) -> None:
    hand_in(seat, client_of, file=recording())
    work = Submission.objects.get()
    path = f"/homework/{work.pk}/file/"
    classmate = make_user()
    enrol(classmate, seat.cohort)
    for person in (seat.user, teacher, owner):
        response = client_of(person).get(path)
        assert response.status_code == 302
        assert work.key in response.headers["Location"]
        assert "no-store" in response.headers["Cache-Control"]
    for stranger in (classmate, teacher2, make_user()):
        assert client_of(stranger).get(path).status_code == 404
        assert client_of(stranger).get(f"/teach/homework/{work.pk}/").status_code == 404
    assert Client().get(path).status_code == 302
    assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    browser, elsewhere = client_of(classmate), "/homework/999999/file/"
    forbidden, missing = (without_tokens(browser.get(one).content.decode(), one) for one in (path, elsewhere))
    assert missing == forbidden


def without_tokens(html: str, path: str) -> str:
    """A page without its own address and without what is random in it."""
    return re.sub(r'(csrf\w*"? value=|X-CSRFToken": )"\w+"', "", html.replace(path, ""))


def test_after_a_refund_the_file_is_closed_to_its_maker(seat: Enrolment, client_of: Any) -> None:
    hand_in(seat, client_of, file=recording())
    revoke_seat(source=seat.source)
    assert client_of(seat.user).get(f"/homework/{Submission.objects.get().pk}/file/").status_code == 404


def test_the_maker_does_not_review_and_another_teacher_sees_no_queue(
    seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any
) -> None:
    hand_in(seat, client_of, text="Look at me")
    path = f"/teach/homework/{Submission.objects.get().pk}/"
    assert client_of(seat.user).post(path, {"decision": "accept"}).status_code == 404
    assert client_of(teacher2).post(path, {"decision": "accept"}).status_code == 404
    assert Submission.objects.get().state == "submitted"
    assert seat.user.display_name in client_of(teacher).get("/teach/homework/").content.decode()
    assert seat.user.display_name not in client_of(teacher2).get("/teach/homework/").content.decode()
