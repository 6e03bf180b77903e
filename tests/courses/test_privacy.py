"""What courses hold of somebody who leaves, and what a teacher's page shows."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.flows import erase_account
from courses.flows import check_in, run_transcode, transcode
from courses.models import Certificate, CheckIn, Submission, Transcode
from kit import outbox
from kit.clock import now
from kit.models import OutboxMessage
from kit.persons import everything_of
from kit.storage import PrivateStorage, new_key
from tests.factories import enrol, make_cohort, make_course
from tests.films import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def learned(student: Any) -> Any:
    """A seat with homework, a check-in and a certificate."""
    course = make_course(lessons=1, homework_on=1)
    seat = enrol(student, make_cohort(course=course))
    key = default_storage.save("homework/take.wav", ContentFile(b"RIFF"))
    assignment = course.lessons.get().assignment
    Submission.objects.create(assignment=assignment, enrolment=seat, text="my take", key=key, submitted_at=now())
    check_in(enrolment=seat, note="ten minutes")
    Certificate.objects.create(enrolment=seat, name="An", course_title=course.title, issued_at=now())
    return seat


def test_an_export_holds_seats_homework_and_certificates(learned: Any, student: Any, visitor: Any) -> None:
    data = everything_of(student)["courses"]
    assert data["homework"][0]["text"] == "my take"
    assert data["check_ins"][0]["note"] == "ten minutes"
    assert len(data["seats"]) == len(data["certificates"]) == 1
    assert not any(everything_of(visitor)["courses"].values())


def test_erasing_takes_homework_with_its_file_notes_and_the_name_on_the_certificate(learned: Any, student: Any) -> None:
    key = Submission.objects.get().key
    erase_account(user=student)
    row = Submission.objects.get()
    assert (row.text, row.key) == ("", "")
    assert CheckIn.objects.get().note == ""
    certificate = Certificate.objects.get()
    assert certificate.name == ""
    assert certificate.revoked_at is not None
    for message in OutboxMessage.objects.filter(topic="homework.erased", done_at=None):
        outbox.deliver(message_id=message.pk)
    assert not default_storage.exists(key)


def test_a_teachers_public_page_shows_their_courses_and_nobody_elses(teacher: Any, teacher2: Any) -> None:
    make_course(teacher=teacher, title="Ukulele from nothing")
    make_course(teacher=teacher2, title="Somebody else's course")
    teacher.profile.is_public = True
    teacher.profile.save()
    content = Client().get(f"/people/{teacher.profile.handle}/").content.decode()
    assert "Ukulele from nothing" in content
    assert "Somebody else" not in content


def test_what_was_made_of_a_recording_goes_with_it(learned: Any, student: Any, tmp_path: Path) -> None:
    key = PrivateStorage().save(new_key("homework", "x.mp3"), ContentFile(made(tmp_path / "a.mp3").read_bytes()))
    Submission.objects.filter(enrolment__user=student).update(key=key, content_type="audio/mpeg")
    row = transcode(source=key, content_type="audio/mpeg")
    assert row is not None
    run_transcode(transcode_id=row.pk)
    plain = f"{row.folder}/plain.m4a"
    assert PrivateStorage().exists(plain)
    erase_account(user=student)
    for message in OutboxMessage.objects.filter(topic="homework.erased", done_at=None):
        outbox.deliver(message_id=message.pk)
    assert not PrivateStorage().exists(plain)
    assert not PrivateStorage().exists(key)
    assert not Transcode.objects.filter(source=key).exists()
