"""What a person wants to hear, and when not."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from notices.groups import How


class Choice(models.Model):
    """How one group (notices.groups) reaches a person; with a `place` (`space:5`) only what comes from there, and first of all.

    No row: by e-mail at once.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    group = models.CharField(max_length=20)
    place = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=6, choices=How.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group", "place"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group}{self.place and f' in {self.place}'}: {self.how}"


class QuietHours(models.Model):
    """No mail from `start` to `end` in the person's own zone (over midnight where `end` is earlier). No row: none."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(start=F("end")), name="quiet_hours_end")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.start:%H:%M} to {self.end:%H:%M}"
