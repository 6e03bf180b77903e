"""Homework as one writes it: drafts, several files, the day it is wanted, the reply clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from accounts.flows import erase_account
from courses.flows import add_rest_days, review_homework, revoke_seat
from courses.models import Assignment, Enrolment, HomeworkDraft, Submission, SubmissionFile
from courses.reads.teach import homework_queue, with_reply_clock
from kit.clock import local_date, now, zone
from kit.models import OutboxMessage
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 40


@pytest.fixture
def seat(teacher: Any, student: Any) -> Enrolment:
    seat: Enrolment = enrol(student, make_cohort(course=make_course(lessons=3, homework_on=1)))
    return seat


def lesson_path(seat: Enrolment) -> str:
    return f"/courses/{seat.cohort.course.slug}/day-1/"


def wav(name: str = "a.wav", body: bytes = WAV) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


def hand_in(seat: Enrolment, client_of: Any, **sent: Any) -> Any:
    return client_of(seat.user).post(lesson_path(seat) + "homework/", sent)


def keep(seat: Enrolment, client_of: Any, text: str, **headers: str) -> Any:
    return client_of(seat.user).post(lesson_path(seat) + "homework/draft/", {"text": text}, headers=headers)


def test_a_draft_is_kept_shown_and_done_with_once_handed_in(seat: Enrolment, client_of: Any) -> None:
    assert keep(seat, client_of, "Half a thought").headers["Location"].endswith("#homework")
    assert keep(seat, client_of, "A whole <thought>", **{"X-Requested-With": "fetch"}).status_code == 204
    assert "A whole &lt;thought&gt;</textarea>" in client_of(seat.user).get(lesson_path(seat)).content.decode()
    hand_in(seat, client_of, text="Done")
    assert not HomeworkDraft.objects.exists()


def test_an_empty_draft_is_none_and_a_stranger_keeps_none(seat: Enrolment, client_of: Any) -> None:
    keep(seat, client_of, "x")
    keep(seat, client_of, " ")
    assert not HomeworkDraft.objects.exists()
    assert client_of(make_user()).post(lesson_path(seat) + "homework/draft/", {"text": "x"}).status_code == 404
    revoke_seat(source=seat.source)
    assert keep(seat, client_of, "late").status_code == 404
    assert not HomeworkDraft.objects.exists()


def test_nobody_else_sees_a_draft(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    keep(seat, client_of, "Half a thought")
    classmate = make_user()
    enrol(classmate, seat.cohort)
    for person in (classmate, teacher):
        assert "Half a thought" not in client_of(person).get(lesson_path(seat)).content.decode()


def test_several_files_are_one_homework_and_each_opens_for_two_people_only(
    seat: Enrolment, client_of: Any, teacher: Any, teacher2: Any
) -> None:
    hand_in(seat, client_of, file=[wav("1.wav"), wav("2.wav"), wav("3.wav")])
    work = Submission.objects.get()
    more = list(SubmissionFile.objects.all())
    assert (bool(work.key), len(more)) == (True, 2)
    paths = [f"/homework/{work.pk}/files/{row.pk}/" for row in more]
    classmate = make_user()
    enrol(classmate, seat.cohort)
    for path, row in zip(paths, more, strict=True):
        for person in (seat.user, teacher):
            assert row.key in client_of(person).get(path).headers["Location"]
        for person in (classmate, teacher2, make_user()):
            assert client_of(person).get(path).status_code == 404
        for page, person in ((lesson_path(seat), seat.user), (f"/teach/homework/{work.pk}/", teacher)):
            assert path in client_of(person).get(page).content.decode()
    revoke_seat(source=seat.source)
    assert client_of(seat.user).get(paths[0]).status_code == 404


def test_a_file_is_found_under_its_own_homework_only(seat: Enrolment, client_of: Any) -> None:
    hand_in(seat, client_of, file=[wav(), wav()])
    other = enrol(make_user(), seat.cohort)
    hand_in(other, client_of, file=[wav()])
    mine, theirs = Submission.objects.get(enrolment=seat), Submission.objects.get(enrolment=other)
    file = SubmissionFile.objects.get()
    assert client_of(other.user).get(f"/homework/{theirs.pk}/files/{file.pk}/").status_code == 404
    assert client_of(seat.user).get(f"/homework/{mine.pk}/files/{file.pk}/").status_code == 302


def test_one_bad_file_or_a_sixth_hands_nothing_in(seat: Enrolment, client_of: Any) -> None:
    assert hand_in(seat, client_of, file=[wav(), wav(body=b"MZ" + b"\x00" * 80)]).status_code == 400
    hand_in(seat, client_of, file=[wav() for _n in range(6)])
    assert not Submission.objects.exists()


def test_the_reply_clock_leaves_rest_days_out(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    hand_in(seat, client_of, text="One")
    plain = Submission.objects.get()
    assert _clock_of(teacher) == timedelta(hours=48)
    review_homework(submission=plain, author=teacher, body="", accept=False)
    today = local_date(now(), seat.cohort.time_zone)
    add_rest_days(cohort=seat.cohort, first=today + DAY, last=today + DAY, name="", actor=teacher)
    hand_in(seat, client_of, text="Two")
    assert _clock_of(teacher) - timedelta(hours=72) < timedelta(hours=1)
    [work] = with_reply_clock(homework_queue(teacher))
    with override("en"):
        local = timezone.localtime(work.reply_by, zone(seat.user.time_zone))  # type: ignore[attr-defined]
        shown = date_format(local, "SHORT_DATETIME_FORMAT")
    page = client_of(seat.user).get(f"/en/courses/{seat.cohort.course.slug}/{work.assignment.lesson.slug}/")
    assert f"answered by {shown}" in page.content.decode()


def _clock_of(teacher: Any) -> timedelta:
    [work] = with_reply_clock(homework_queue(teacher))
    found: timedelta = work.reply_by - work.submitted_at  # type: ignore[attr-defined]
    return found


def test_the_day_it_is_wanted_stands_in_lesson_and_learning_until_handed_in(
    seat: Enrolment, client_of: Any, teacher: Any
) -> None:
    lesson = seat.cohort.course.lessons.first()
    path = f"/teach/courses/{seat.cohort.course.slug}/{lesson.pk}/"
    client_of(teacher).post(path, {"day": 1, "minutes": 10, "homework": "Record it.", "due_day": 3})
    assert Assignment.objects.get().due_day == 3
    assert seat.starts_on is not None
    add_rest_days(cohort=seat.cohort, first=seat.starts_on + DAY, last=seat.starts_on + DAY, name="", actor=teacher)
    with override("en"):
        wanted = f"Wanted by {date_format(seat.starts_on + 3 * DAY, 'DATE_FORMAT')}"
    for page in (f"/en{lesson_path(seat)}", "/en/learn/"):
        assert wanted in client_of(seat.user).get(page).content.decode()
    hand_in(seat, client_of, text="Done")
    assert wanted not in client_of(seat.user).get("/en/learn/").content.decode()


def test_what_was_answered_stands_in_learning_until_it_is_seen(seat: Enrolment, client_of: Any, teacher: Any) -> None:
    hand_in(seat, client_of, text="One")
    review_homework(submission=Submission.objects.get(), author=teacher, body="Slower", accept=False)
    browser = client_of(seat.user)
    assert "Your homework came back with advice" in browser.get("/en/learn/").content.decode()
    Notice.objects.update(read_at=now())
    assert "Your homework came back with advice" not in browser.get("/en/learn/").content.decode()


def test_erasing_takes_drafts_and_every_file(seat: Enrolment, client_of: Any) -> None:
    hand_in(seat, client_of, file=[wav(), wav()])
    HomeworkDraft.objects.create(enrolment=seat, assignment=Assignment.objects.get(), text="x", changed_at=now())
    keys = {Submission.objects.get().key, SubmissionFile.objects.get().key}
    erase_account(user=seat.user)
    assert not HomeworkDraft.objects.exists()
    assert not SubmissionFile.objects.exists()
    assert set(OutboxMessage.objects.filter(topic="homework.erased").values_list("key", flat=True)) == keys
