"""A space's calendar: topics that open by themselves."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.space import Space
from community.models.topic import Topic


class Recurring(models.Model):
    """Opens a topic by rhythm, at a local time in its space's zone; `step` is the weekday (0 Monday), the day of the month
    or the number of days. `author` writes; where they may no longer, an owner of the space does.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")
        DAYS = "days", _("every so many days")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="calendar")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    source = models.TextField()
    kind = models.CharField(max_length=12, choices=Topic.Kind.choices, default=Topic.Kind.EXPERIENCE)
    rhythm = models.CharField(max_length=7, choices=Rhythm.choices)
    step = models.PositiveSmallIntegerField()
    at = models.TimeField(default=time(8))
    first_on = models.DateField()
    is_paused = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm="weekly", step__lte=6)
                | Q(rhythm="monthly", step__gte=1, step__lte=31)
                | Q(rhythm="days", step__gte=1, step__lte=366),
                name="recurring_step_fits",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RecurringPost(models.Model):
    """The topic that a calendar's entry opened for one date: once, whoever tries again."""

    recurring = models.ForeignKey(Recurring, on_delete=models.CASCADE, related_name="posted")
    due_on = models.DateField()
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recurring", "due_on"], name="recurring_once_a_date")]

    def __str__(self) -> str:
        return f"{self.recurring_id} on {self.due_on}"
