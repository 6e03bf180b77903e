"""What happened in a seat: an append-only record, and where the person stopped."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Lesson, Media
from courses.models.enrolment import Enrolment


class ProgressEvent(models.Model):
    """A lesson was opened or completed, once each; never changed. An opened lesson stays open, wherever one travels."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        COMPLETED = "completed", _("completed")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson", "kind"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.kind}"


class ResumePoint(models.Model):
    """Where a student stopped in a lesson: which recording, at which second."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="resume_points")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    seconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="resume_point_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id} at {self.seconds} s"


class CheckIn(models.Model):
    """打卡: one a local day, with a line about the practice."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="check_ins")
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "day"], name="check_in_once_a_day")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.day}"
