"""The class that learns together. Its seats are the stock item `cohort:<id>`."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course, Lesson
from kit.clock import FALLBACK_ZONE


class Cohort(models.Model):
    """A class of a course. Dates are local days; `start_rule` says when day 1 begins for each student.

    `may_pause`: students may pause and resume by themselves.
    """

    class StartRule(models.TextChoices):
        DATE = "date", _("on the start date")
        DELIVERY = "delivery", _("when the kit is delivered, not before the start date")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="cohorts")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()
    time_zone = models.CharField(max_length=60, default=FALLBACK_ZONE)
    start_rule = models.CharField(max_length=10, choices=StartRule.choices, default=StartRule.DATE)
    # Missed days that a student may make up for (補卡).
    make_up_cards = models.PositiveSmallIntegerField(_("make-up cards"), default=3)
    enrol_until = models.DateField(null=True, blank=True)
    may_pause = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_on__gte=models.F("starts_on")), name="cohort_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seat_ref(self) -> str:
        """The stock item that counts this class's seats."""
        return f"cohort:{self.pk}"


class LessonPin(models.Model):
    """The revision of a lesson that a cohort learns, whatever is published later."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="pins")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "lesson", "locale"], name="lesson_pinned_once")]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.lesson_id}"
