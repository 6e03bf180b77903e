"""A teacher's answer: remarks pinned to a second of each file, and a voice of its own."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.flows import RemarkAt, review_homework, revoke_seat, submit_homework
from courses.models import Enrolment, Remark, Review, Submission, Transcode
from courses.privacy import erase
from kit.outbox import deliver, due_message_ids
from kit.storage import PrivateStorage
from tests.courses.test_homework import WAV
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=1, homework_on=1)))
    return seat


def sound(name: str = "take.wav", body: bytes = WAV) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="audio/wav")


def handed_in(seat: Enrolment, files: int) -> Submission:
    assignment = seat.cohort.course.lessons.get().assignment
    return submit_homework(enrolment=seat, assignment=assignment, text="Mine", files=[sound() for _number in range(files)])


def test_remarks_stand_at_a_second_of_the_file_that_they_mean(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    work, classmate = handed_in(seat, 2), enrol(make_user(), seat.cohort)
    more = work.files.get()
    foreign = handed_in(classmate, 2).files.get()
    page = client_of(teacher).get(f"/teach/homework/{work.pk}/").content.decode()
    assert f'data-remarks="work-{work.pk}"' in page
    assert f'data-remarks="more-{more.pk}"' in page
    assert page.count(f'name="of" value="{more.pk}"') == 4
    sent = {"second": ["0:23", "0:05", "0:07"], "remark": ["Thumb", "Breathe", "Lost"], "of": ["", more.pk, foreign.pk]}
    client_of(teacher).post(f"/teach/homework/{work.pk}/", {"body": "Good", "decision": "return", **sent})
    assert list(Remark.objects.values_list("file", "second", "text")) == [(None, 23, "Thumb"), (more.pk, 5, "Breathe")]
    for person, path in ((seat.user, f"/courses/{seat.cohort.course.slug}/day-1/"), (teacher, f"/teach/homework/{work.pk}/")):
        html = client_of(person).get(path).content.decode()
        assert f'data-seek="work-{work.pk}" data-second="23"' in html
        assert f'data-seek="more-{more.pk}" data-second="5"' in html
        assert f'id="more-{more.pk}"' in html


def test_a_single_recording_is_not_counted_and_papers_have_no_seconds(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    page = client_of(teacher).get(f"/teach/homework/{handed_in(seat, 1).pk}/").content.decode()
    assert page.count("data-remarks") == 1
    assert page.count('name="of" value=""') == 4
    paper = Submission.objects.get()
    Submission.objects.filter(pk=paper.pk).update(content_type="application/pdf")
    assert "data-remarks" not in client_of(teacher).get(f"/teach/homework/{paper.pk}/").content.decode()


def test_a_spoken_answer_is_made_playable_and_opens_for_the_two_of_them_only(
    seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any
) -> None:
    work = handed_in(seat, 0)
    path = f"/homework/{work.pk}/answer/"
    assert client_of(seat.user).get(path).status_code == 404
    client_of(teacher).post(f"/teach/homework/{work.pk}/", {"body": "", "decision": "return", "recording": sound()})
    review = Review.objects.get()
    assert review.content_type == "audio/wav"
    assert Transcode.objects.filter(source=review.key).exists()
    lesson = client_of(seat.user).get(f"/courses/{seat.cohort.course.slug}/day-1/").content.decode()
    assert path in lesson
    for person in (seat.user, teacher):
        response = client_of(person).get(path)
        assert response.status_code == 302
        assert review.key in response.headers["Location"]
        assert "no-store" in response.headers["Cache-Control"]
    for stranger in (enrol(make_user(), seat.cohort).user, teacher2):
        assert client_of(stranger).get(path).status_code == 404
    assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    revoke_seat(source=seat.source)
    assert client_of(seat.user).get(path).status_code == 404


@pytest.mark.parametrize("body", [b"<html><script>alert(1)</script>", b"%PDF-1.4\n%%EOF\n"])
def test_an_answer_that_is_no_recording_answers_nothing(seat: Enrolment, client_of: Any, teacher: Any, body: bytes) -> None:
    work = handed_in(seat, 0)
    sent = {"body": "Good", "decision": "accept", "recording": sound("a.wav", body)}
    response = client_of(teacher).post(f"/teach/homework/{work.pk}/", sent)
    assert response.status_code == 400
    assert "Good" in response.content.decode()
    assert not Review.objects.exists()
    assert Submission.objects.get().state == "submitted"


def test_too_large_an_answer_is_refused_with_413(seat: Enrolment, client_of: Any, teacher: Any, settings: Any) -> None:
    work = handed_in(seat, 0)
    settings.HOMEWORK_MAX_BYTES = 10
    sent = {"body": "", "decision": "accept", "recording": sound()}
    assert client_of(teacher).post(f"/teach/homework/{work.pk}/", sent).status_code == 413


@pytest.mark.parametrize("who", ["student", "teacher"])
def test_the_voice_goes_with_the_student_and_with_the_teacher(seat: Enrolment, teacher: Any, who: str) -> None:
    work = handed_in(seat, 2)
    remarks = [RemarkAt(5, "Breathe", work.files.get().pk)]
    review = review_homework(submission=work, author=teacher, body="", accept=True, remarks=remarks, recording=sound())
    assert PrivateStorage().exists(review.key)
    erase(seat.user if who == "student" else teacher)
    for message in due_message_ids():
        deliver(message_id=message)
    assert not PrivateStorage().exists(review.key)
    assert Review.objects.get().key == ""
