"""Days that do not count: a class's rest days, a learner's pauses. courses/calendar.py knows what follows from them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.models.cohort import Cohort
from courses.models.enrolment import Enrolment


class RestDay(models.Model):
    """A local day on which a class rests (Lunar New Year, a typhoon). It holds from `added_at` on and closes nothing."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rest_days")
    day = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["cohort", "day"], name="rest_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}".strip()


class Pause(models.Model):
    """A learner is away from `first` to `last` (local days, both included; `last` is null while they are away)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pauses")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["first", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(last=None), name="one_running_pause"),
            # Who comes back on the day they left has paused no day: last is the day before first.
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first") - 1), name="pause_forwards"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.first}–{self.last or ''}"
