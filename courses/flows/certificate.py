"""Certificates: the rule, and issuing one."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from community import flows as community
from courses.models import (
    Assignment,
    Attempt,
    Certificate,
    CertificateRule,
    Course,
    Enrolment,
    Lesson,
    LessonPage,
    ProgressEvent,
    Submission,
)
from courses.reads.lesson import quiz_ids
from kit import audit, outbox
from kit.clock import now
from notices.flows import Words, notify

RULE_CHANGED = "certificate.rule"  # outbox: who meets the new rule gets a certificate


@transaction.atomic
def issue_certificate(*, enrolment: Enrolment) -> Certificate | None:
    """The seat's certificate, issued now where the course's rule is met (see CertificateRule).

    None while it is not. Name and title are frozen as they are today; there is one a seat.
    """
    seat = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "cohort__course").get(pk=enrolment.pk)
    known = Certificate.objects.filter(enrolment=seat).first()
    if known is not None or seat.state != Enrolment.State.ACTIVE or not is_earned(seat):
        return known
    title = seat.cohort.course.title
    certificate = Certificate.objects.create(enrolment=seat, name=seat.user.display_name, course_title=title, issued_at=now())
    body = _("Your certificate is ready. Anyone you give its address to can verify it.")
    notify(
        user=seat.user,
        kind="course",
        key=f"certificate:{certificate.pk}",
        url=reverse("courses:certificate", args=[certificate.uuid]),
        words=Words(_("You finished: %(course)s"), body, {"course": title}),
    )
    return certificate


def is_earned(seat: Enrolment) -> bool:
    """The course's rule. Lessons that are not published do not count; a course without lessons is never finished."""
    course = seat.cohort.course
    rule = CertificateRule.objects.filter(course=course).first() or CertificateRule(course=course)
    published = LessonPage.objects.filter(live=True).values("lesson")
    lessons = Lesson.objects.filter(course=course, pk__in=published)
    done = ProgressEvent.objects.filter(enrolment=seat, kind=ProgressEvent.Kind.COMPLETED, lesson__in=lessons).count()
    total = lessons.count()
    if not total or done * 100 < total * rule.lessons_percent:
        return False
    if rule.needs_homework and _misses_homework(seat, lessons):
        return False
    return not rule.needs_quizzes or _passed_quizzes(seat)


def _misses_homework(seat: Enrolment, lessons: QuerySet[Lesson]) -> bool:
    accepted = Submission.objects.filter(enrolment=seat, state=Submission.State.ACCEPTED).values("assignment")
    return Assignment.objects.filter(lesson__in=lessons).exclude(pk__in=accepted).exists()


def _passed_quizzes(seat: Enrolment) -> bool:
    """Every quiz that stands in a published lesson of the course. A try as a member of the team does not count."""
    pages = LessonPage.objects.filter(lesson__course=seat.cohort.course_id, live=True)
    wanted = set().union(*(quiz_ids(page.body) for page in pages))
    tries = Attempt.objects.filter(user=seat.user_id, enrolment__isnull=False, quiz__in=wanted, passed=True)
    return wanted <= set(tries.values_list("quiz", flat=True))


@transaction.atomic
def set_certificate_rule(
    *, course: Course, lessons_percent: int, needs_homework: bool, needs_quizzes: bool, actor: Any
) -> CertificateRule:
    """Change what the certificate asks. Issued ones stay; who meets the new rule gets theirs (by the outbox)."""
    values = {"lessons_percent": lessons_percent, "needs_homework": needs_homework, "needs_quizzes": needs_quizzes}
    rule, _made = CertificateRule.objects.update_or_create(course=course, defaults=values)
    entry = audit.record(actor=actor, action="certificate.rule", target=f"course:{course.pk}", after=values)
    outbox.write(topic=RULE_CHANGED, key=str(entry.pk), payload={"course": course.pk})
    return rule


def issue_by_rule(payload: dict[str, Any]) -> None:
    """Outbox: a certificate for each seat of the course that meets the rule and has none. Safe to repeat."""
    seats = Enrolment.objects.filter(cohort__course=payload["course"], state=Enrolment.State.ACTIVE, certificate=None)
    for seat in seats.order_by("pk"):
        issue_certificate(enrolment=seat)


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, actor: object, reason: str) -> None:
    """Withdraw a certificate; its public page says so from now on."""
    if Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=now()):
        community.leave(source=f"certificate:{certificate.pk}")
        audit.record(actor=actor, action="certificate.revoke", target=f"certificate:{certificate.pk}", reason=reason)


@transaction.atomic
def restore_certificate(*, certificate: Certificate, actor: object, reason: str) -> None:
    """Undo a withdrawal; not for a seat that ended: its certificate comes back with the seat."""
    live = Certificate.objects.filter(pk=certificate.pk, enrolment__state=Enrolment.State.ACTIVE)
    if live.filter(revoked_at__isnull=False).update(revoked_at=None):
        audit.record(actor=actor, action="certificate.restore", target=f"certificate:{certificate.pk}", reason=reason)
