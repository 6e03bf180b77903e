"""A seat in a cohort."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.cohort import Cohort


class Enrolment(models.Model):
    """A person's seat. `source` is where it came from (`order:17`, `gift:3`, `staff:1`); it ends, it is never deleted.

    `bought` is the class that the source paid for, where the seat was moved to another since.
    `starts_on` is the personal day 1 (a local day), null while it waits for the kit to be delivered.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        REVOKED = "revoked", _("ended by a refund")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    bought = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    starts_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "cohort"], condition=Q(state="active"), name="one_live_seat_per_cohort"),
            models.UniqueConstraint(fields=["source", "cohort", "user"], name="seat_granted_once_per_source"),
            models.CheckConstraint(
                condition=Q(state="active", ended_at=None) | ~Q(state="active") & Q(ended_at__isnull=False),
                name="enrolment_end_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.cohort_id}"
