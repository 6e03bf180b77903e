"""Certificates that anyone can verify at /certificates/<uuid>/."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from courses.models.enrolment import Enrolment


class CertificateRule(models.Model):
    """What a course asks for its certificate. A course without a row asks what the defaults say."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="certificate_rule")
    lessons_percent = models.PositiveSmallIntegerField(
        _("lessons to finish, in percent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    needs_homework = models.BooleanField(_("every homework accepted"), default=True)
    needs_quizzes = models.BooleanField(_("every quiz of its lessons passed"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lessons_percent__gte=1, lessons_percent__lte=100), name="certificate_rule_percent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.lessons_percent} %"


class Certificate(models.Model):
    """Issued once per enrolment; name and title are frozen as they were. Revocable, never deleted."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    name = models.CharField(max_length=80)
    course_title = models.CharField(max_length=120)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.course_title}"
