"""Certificates: the rule, and issuing one."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from courses.models import Assignment, Certificate, Enrolment, Lesson, LessonPage, ProgressEvent, Submission
from kit import audit
from kit.clock import now
from notices.flows import Words, notify

SHARE_TO_COMPLETE = 80  # percent of the published lessons


@transaction.atomic
def issue_certificate(*, enrolment: Enrolment) -> Certificate | None:
    """The seat's certificate, issued now where the rule is met: 80 % of the lessons done, every homework accepted.

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
    """The rule. Lessons that are not published do not count; a course without lessons is never finished."""
    published = LessonPage.objects.filter(live=True).values("lesson")
    lessons = Lesson.objects.filter(course=seat.cohort.course_id, pk__in=published)
    done = ProgressEvent.objects.filter(enrolment=seat, kind=ProgressEvent.Kind.COMPLETED, lesson__in=lessons).count()
    total = lessons.count()
    if not total or done * 100 < total * SHARE_TO_COMPLETE:
        return False
    accepted = Submission.objects.filter(enrolment=seat, state=Submission.State.ACCEPTED).values("assignment")
    return not Assignment.objects.filter(lesson__in=lessons).exclude(pk__in=accepted).exists()


@transaction.atomic
def revoke_certificate(*, certificate: Certificate, actor: object, reason: str) -> None:
    """Withdraw a certificate; its public page says so from now on."""
    if Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(revoked_at=now()):
        audit.record(actor=actor, action="certificate.revoke", target=f"certificate:{certificate.pk}", reason=reason)
