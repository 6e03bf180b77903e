"""What courses hold of a person, and what goes with them (kit.persons)."""

from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from courses.models import (
    Attempt,
    Certificate,
    CheckIn,
    Enrolment,
    HomeworkDraft,
    Note,
    ProgressEvent,
    Reminder,
    Submission,
    SubmissionFile,
)
from kit import outbox, persons
from kit.clock import now

ERASED_FILE = "homework.erased"


def register_all() -> None:
    persons.register("courses", export=export, erase=erase)
    outbox.on(ERASED_FILE, delete_file)


def export(user: Any) -> dict[str, Any]:
    """Seats, what was learned, handed in and said about it."""
    seats = Enrolment.objects.filter(user=user)
    return {
        "seats": list(seats.values("cohort__course__title", "cohort__name", "state", "starts_on", "created_at", "ended_at")),
        "progress": list(ProgressEvent.objects.filter(enrolment__in=seats).values("lesson__title", "kind", "at")),
        "check_ins": list(
            CheckIn.objects.filter(enrolment__in=seats).values("day", "note", "content_type", "by_card", "is_hidden")
        ),
        "notes": list(Note.objects.filter(enrolment__in=seats).values("lesson__title", "second", "text", "changed_at")),
        "drafts": list(HomeworkDraft.objects.filter(enrolment__in=seats).values("assignment__lesson__title", "text")),
        "reminder": list(Reminder.objects.filter(user=user).values("hour", "by_email")),
        "homework": list(
            Submission.objects.filter(enrolment__in=seats).values(
                "assignment__lesson__title", "text", "content_type", "state", "submitted_at", "review__body"
            )
        ),
        "quizzes": list(
            Attempt.objects.filter(user=user).values("quiz__title", "started_at", "finished_at", "answers", "earned", "passed")
        ),
        "certificates": list(Certificate.objects.filter(enrolment__in=seats).values("uuid", "name", "course_title", "issued_at")),
    }


def erase(user: Any) -> None:
    """Homework and notes go, files through the outbox; a certificate loses its name and is withdrawn. Seats stay as numbers."""
    submissions = Submission.objects.filter(enrolment__user=user)
    more = SubmissionFile.objects.filter(submission__enrolment__user=user)
    check_ins = CheckIn.objects.filter(enrolment__user=user)
    for rows in (submissions, more, check_ins):
        for key in rows.exclude(key="").values_list("key", flat=True):
            outbox.write(topic=ERASED_FILE, key=key, payload={"key": key})
    more.delete()
    submissions.update(text="", key="", content_type="")
    check_ins.update(note="", key="", content_type="", is_hidden=True)
    for private in (Note, HomeworkDraft):
        private.objects.filter(enrolment__user=user).delete()
    Reminder.objects.filter(user=user).delete()
    Attempt.objects.filter(user=user).update(answers={})
    own = Certificate.objects.filter(enrolment__user=user)
    own.filter(revoked_at=None).update(revoked_at=now())
    own.filter(~Q(name="")).update(name="")


def delete_file(payload: dict[str, Any]) -> None:
    """Outbox: deleting what is gone already is no fault."""
    default_storage.delete(payload["key"])
