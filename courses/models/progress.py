"""What happened in a seat: an append-only record, and where the person stopped."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Lesson, Media
from courses.models.enrolment import Enrolment


class ProgressEvent(models.Model):
    """A lesson was opened or completed, once each; a row trigger refuses UPDATE and DELETE. An opened lesson stays open,
    wherever one travels.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        COMPLETED = "completed", _("completed")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="progress")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
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
    """打卡: one a local day, with a line about the practice, a picture or a sound (`key` in the private bucket).

    `by_card`: a missed day, made up for later. `is_hidden`: its maker keeps it off the class's wall;
    `removed_at`: the team took it off.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="check_ins")
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    by_card = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "day"], name="check_in_once_a_day")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.day}"


class CheckInReport(models.Model):
    """Somebody of the class found that it does not belong on the wall; the team decides."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["check_in", "reporter"], name="check_in_reported_once")]

    def __str__(self) -> str:
        return self.reason


class Note(models.Model):
    """A student's own note beside a lesson, at a second of a recording where `media` is known. Nobody else reads it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    second = models.PositiveIntegerField(null=True, blank=True)
    text = models.CharField(max_length=2000)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["second", "pk"]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="notes_of_a_lesson")]

    def __str__(self) -> str:
        return self.text[:60]


class Reminder(models.Model):
    """The hour (0 to 23, in the person's own zone) at which a message says which lesson is open. None written: no message.

    `last_on` is the local day of the last one: at most one a day.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder")
    hour = models.PositiveSmallIntegerField()
    by_email = models.BooleanField(default=True)
    last_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(hour__lte=23), name="reminder_hour_of_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.hour}:00"
