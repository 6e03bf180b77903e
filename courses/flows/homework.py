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
from courses.flows.transcode import transcode
from courses.models import Assignment, Enrolment, HomeworkDraft, Media, Remark, Review, Submission, SubmissionFile
from kit.clock import now
from kit.text import strip_controls
from notices.flows import Words, notify

MOST_FILES = 5


class AlreadyHandedIn(Exception):
    """One try is waiting for review, or the homework was accepted already."""


@dataclass(frozen=True)
class RemarkAt:
    """A line for a second of a recording: of the SubmissionFile with this id, None for the submission's first file."""

    second: int
    text: str
    file: int | None = None


def submit_homework(
    *, enrolment: Enrolment, assignment: Assignment, text: str = "", file: Any = None, files: Sequence[Any] = ()
) -> Submission:
    """Hand in text, files, or both (ValueError where there is neither, or more than five files). The draft is done with.

    Raises FileRefused and AlreadyHandedIn; a refused file leaves nothing handed in.
    """
    text, sent = strip_controls(text).strip(), [*([file] if file is not None else []), *files]
    if not text and not sent:
        raise ValueError(_("Write something or add a recording."))
    if len(sent) > MOST_FILES:
        raise ValueError(_("Five files at most, please."))
    states = (Submission.State.SUBMITTED, Submission.State.ACCEPTED)
    if Submission.objects.filter(enrolment=enrolment, assignment=assignment, state__in=states).exists():
        raise AlreadyHandedIn
    # Stored before the row, outside a transaction: a slow upload must not hold locks. A lost race leaves orphan files.
    stored = [store(file=one, folder="homework", limit=settings.HOMEWORK_MAX_BYTES) for one in sent]
    first, more = (stored[0], stored[1:]) if stored else (None, [])
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                enrolment=enrolment,
                assignment=assignment,
                text=text,
                submitted_at=now(),
                key=first.key if first else "",
                content_type=first.content_type if first else "",
            )
            SubmissionFile.objects.bulk_create(
                SubmissionFile(submission=submission, key=one.key, content_type=one.content_type) for one in more
            )
            HomeworkDraft.objects.filter(enrolment=enrolment, assignment=assignment).delete()
            for one in stored:
                transcode(source=one.key, content_type=one.content_type, course=enrolment.cohort.course)
            _tell_teacher(submission)
    except IntegrityError as error:
        raise AlreadyHandedIn from error
    return submission


def save_draft(*, enrolment: Enrolment, assignment: Assignment, text: str) -> None:
    """Keep the words of homework not yet handed in; empty ones end the draft."""
    text = strip_controls(text)[:5000]
    if not text.strip():
        HomeworkDraft.objects.filter(enrolment=enrolment, assignment=assignment).delete()
        return
    values = {"text": text, "changed_at": now()}
    HomeworkDraft.objects.update_or_create(enrolment=enrolment, assignment=assignment, defaults=values)


def review_homework(
    *, submission: Submission, author: Any, body: str, accept: bool, remarks: Sequence[RemarkAt] = (), recording: Any = None
) -> Review:
    """Answer a submission, in words, as a recording, or both: accepted, or returned to be improved. A second answer changes
    nothing and returns the first. Remarks on a file of another submission are not kept.

    Raises FileRefused for what is no recording; then nothing is answered.
    """
    # Stored before the row is locked, as in submit_homework; a second answer leaves an orphan file.
    kinds = (str(Media.Kind.AUDIO), str(Media.Kind.VIDEO))
    spoken = recording and store(file=recording, folder="answers", limit=settings.HOMEWORK_MAX_BYTES, kinds=kinds)
    with transaction.atomic():
        rows = Submission.objects.select_for_update(of=("self",)).select_related("enrolment__user", "enrolment__cohort__course")
        row = rows.get(pk=submission.pk)
        if row.state != Submission.State.SUBMITTED:
            return row.review
        review = Review.objects.create(submission=row, author=author, body=strip_controls(body).strip(), at=now())
        if spoken:
            review.key, review.content_type = spoken.key, spoken.content_type
            review.save(update_fields=["key", "content_type"])
            transcode(source=spoken.key, content_type=spoken.content_type, course=row.enrolment.cohort.course)
        _keep_remarks(review, remarks)
        row.state = Submission.State.ACCEPTED if accept else Submission.State.RETURNED
        row.save(update_fields=["state"])
        _tell_student(row, accept)
        if accept:
            issue_certificate(enrolment=row.enrolment)
    return review


def _keep_remarks(review: Review, remarks: Sequence[RemarkAt]) -> None:
    own: set[int | None] = {None, *review.submission.files.values_list("pk", flat=True)} if remarks else set()
    Remark.objects.bulk_create(
        Remark(review=review, file_id=one.file, second=one.second, text=strip_controls(one.text)[:300])
        for one in remarks
        if one.file in own
    )


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
