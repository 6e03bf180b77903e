"""What a learner does in a lesson: open, complete, stop somewhere. Recorded once, in any order, from any tab."""

from datetime import datetime

from django.db import transaction

from courses.flows.certificate import issue_certificate
from courses.models import Enrolment, Lesson, Media, ProgressEvent, ResumePoint
from kit import outbox
from kit.clock import now

OPENED, COMPLETED = ProgressEvent.Kind.OPENED, ProgressEvent.Kind.COMPLETED


def open_lesson(*, enrolment: Enrolment, lesson: Lesson) -> None:
    """Record that the learner opened the lesson: from now on it stays open to this seat. One query."""
    event = ProgressEvent(enrolment=enrolment, lesson=lesson, kind=OPENED, at=now())
    ProgressEvent.objects.bulk_create([event], ignore_conflicts=True)


@transaction.atomic
def complete_lesson(*, enrolment: Enrolment, lesson: Lesson) -> ProgressEvent:
    """Record that the learner finished the lesson, and issue the certificate where this was the last thing missing.

    Who waits for day N (a commission that vests on outcome) is told by the outbox: a day is reached by its lesson done.
    """
    open_lesson(enrolment=enrolment, lesson=lesson)
    event, created = ProgressEvent.objects.get_or_create(
        enrolment=enrolment, lesson=lesson, kind=COMPLETED, defaults={"at": now()}
    )
    if created:
        payload = {"enrolment": enrolment.pk, "day": lesson.day}
        outbox.write(topic="progress.day_reached", key=f"{enrolment.pk}:{lesson.day}", payload=payload)
        issue_certificate(enrolment=enrolment)
    return event


def save_resume_point(*, enrolment: Enrolment, lesson: Lesson, media: Media | None, seconds: int, at: datetime) -> None:
    """Remember where the learner stopped. `at` is when the player said so (never later than now): an older word that
    arrives late changes nothing.
    """
    moment = min(at, now())
    values = {"media": media, "seconds": seconds, "at": moment}
    rows = ResumePoint.objects.filter(enrolment=enrolment, lesson=lesson)
    if rows.filter(at__lte=moment).update(**values) or rows.exists():
        return
    _point, created = ResumePoint.objects.get_or_create(enrolment=enrolment, lesson=lesson, defaults=values)
    if not created:  # another tab was first: the later of the two stays
        rows.filter(at__lte=moment).update(**values)
