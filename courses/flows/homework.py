"""Homework: hand in, review with remarks pinned to seconds, return or accept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses.files import store
from courses.flows.certificate import issue_certificate
from courses.models import Assignment, Enrolment, Remark, Review, Submission
from kit.clock import now
from kit.text import strip_controls
from notices.flows import Words, notify


class AlreadyHandedIn(Exception):
    """One try is waiting for review, or the homework was accepted already."""


@dataclass(frozen=True)
class RemarkAt:
    """A line for a second of the recording."""

    second: int
    text: str


def submit_homework(*, enrolment: Enrolment, assignment: Assignment, text: str = "", file: Any = None) -> Submission:
    """Hand in text, a file, or both (ValueError where there is neither). Raises FileRefused and AlreadyHandedIn."""
    text = strip_controls(text).strip()
    if not text and file is None:
        raise ValueError(_("Write something or add a recording."))
    states = (Submission.State.SUBMITTED, Submission.State.ACCEPTED)
    if Submission.objects.filter(enrolment=enrolment, assignment=assignment, state__in=states).exists():
        raise AlreadyHandedIn
    # Stored before the row, outside a transaction: a slow upload must not hold locks. A lost race leaves an orphan file.
    stored = store(file=file, folder="homework", limit=settings.HOMEWORK_MAX_BYTES) if file is not None else None
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                enrolment=enrolment,
                assignment=assignment,
                text=text,
                submitted_at=now(),
                key=stored.key if stored else "",
                content_type=stored.content_type if stored else "",
            )
            _tell_teacher(submission)
    except IntegrityError as error:
        raise AlreadyHandedIn from error
    return submission


@transaction.atomic
def review_homework(*, submission: Submission, author: Any, body: str, accept: bool, remarks: Sequence[RemarkAt] = ()) -> Review:
    """Answer a submission: accepted, or returned to be improved. A second answer changes nothing and returns the first."""
    row = Submission.objects.select_for_update(of=("self",)).select_related("enrolment__user").get(pk=submission.pk)
    if row.state != Submission.State.SUBMITTED:
        return row.review
    review = Review.objects.create(submission=row, author=author, body=strip_controls(body).strip(), at=now())
    Remark.objects.bulk_create(Remark(review=review, second=one.second, text=strip_controls(one.text)[:300]) for one in remarks)
    row.state = Submission.State.ACCEPTED if accept else Submission.State.RETURNED
    row.save(update_fields=["state"])
    _tell_student(row, accept)
    if accept:
        issue_certificate(enrolment=row.enrolment)
    return review


def _tell_teacher(submission: Submission) -> None:
    lesson, seat = submission.assignment.lesson, submission.enrolment
    values = {"name": seat.user.display_name, "lesson": lesson.title, "cohort": seat.cohort.name}
    notify(
        user=seat.cohort.course.teacher,
        kind="homework",
        key=f"homework:{submission.pk}",
        gate=seat.cohort.seat_ref,
        url=reverse("courses:review", args=[submission.pk]),
        words=Words(gettext_noop("Homework from %(name)s"), gettext_noop("%(lesson)s, class %(cohort)s"), values),
    )


def _tell_student(submission: Submission, accepted: bool) -> None:
    seat, lesson = submission.enrolment, submission.assignment.lesson
    back = gettext_noop("Your homework came back with advice")
    notify(
        user=seat.user,
        kind="homework",
        key=f"review:{submission.pk}",
        gate=seat.cohort.seat_ref,
        url=reverse("courses:lesson", args=[lesson.course.slug, lesson.slug]) + "#homework",
        words=Words(gettext_noop("Your homework was accepted") if accepted else back, "%(lesson)s", {"lesson": lesson.title}),
    )
