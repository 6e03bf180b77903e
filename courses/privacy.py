"""What courses hold of a person, and what goes with them (kit.persons)."""

from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q

from courses.flows import leave_wait_list, remove_from_team
from courses.flows.transcode import erase_transcode
from courses.models import (
    Attempt,
    Attendance,
    CalendarFeed,
    Certificate,
    CheckIn,
    Enrolment,
    HomeworkDraft,
    Note,
    Pause,
    ProgressEvent,
    Reminder,
    Review,
    Submission,
    SubmissionFile,
    TeamMember,
    WaitListEntry,
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
        "live_sessions": list(
            Attendance.objects.filter(enrolment__in=seats).values(
                "session__title", "session__starts_at", "joined_at", "was_present"
            )
        ),
        "wait_lists": list(
            WaitListEntry.objects.filter(user=user).values("cohort__name", "state", "joined_at", "offered_at", "deadline")
        ),
        "pauses": list(Pause.objects.filter(enrolment__in=seats).values("first", "last", "reason")),
        "team": list(TeamMember.objects.filter(user=user).values("course__title", "role")),
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
    waiting = WaitListEntry.objects.filter(user=user, state__in=WaitListEntry.LIVE)
    for entry in waiting.select_related("cohort").order_by("cohort"):
        leave_wait_list(user=user, cohort=entry.cohort)
    for member in TeamMember.objects.filter(user=user).select_related("course"):
        remove_from_team(course=member.course, user=user, role=member.role, actor=user)
    Pause.objects.filter(enrolment__user=user).update(reason="")
    CalendarFeed.objects.filter(user=user).delete()
    submissions = Submission.objects.filter(enrolment__user=user)
    more = SubmissionFile.objects.filter(submission__enrolment__user=user)
    check_ins = CheckIn.objects.filter(enrolment__user=user)
    # What a teacher said aloud goes with the student who was spoken to, and with the teacher whose voice it is.
    spoken = Review.objects.filter(Q(submission__enrolment__user=user) | Q(author=user))
    for rows in (submissions, more, check_ins, spoken):
        for key in rows.exclude(key="").values_list("key", flat=True):
            outbox.write(topic=ERASED_FILE, key=key, payload={"key": key})
    more.delete()
    submissions.update(text="", key="", content_type="")
    spoken.update(key="", content_type="")
    check_ins.update(note="", key="", content_type="", is_hidden=True)
    for private in (Note, HomeworkDraft):
        private.objects.filter(enrolment__user=user).delete()
    Reminder.objects.filter(user=user).delete()
    Attempt.objects.filter(user=user).update(answers={})
    own = Certificate.objects.filter(enrolment__user=user)
    own.filter(revoked_at=None).update(revoked_at=now())
    own.filter(~Q(name="")).update(name="")


def delete_file(payload: dict[str, Any]) -> None:
    """Outbox: the file, and what was made of it. Deleting what is gone already is no fault."""
    erase_transcode(source=payload["key"])
    default_storage.delete(payload["key"])
