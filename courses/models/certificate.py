"""Certificates that anyone can verify at /certificates/<uuid>/."""

import uuid

from django.db import models

from courses.models.enrolment import Enrolment


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
