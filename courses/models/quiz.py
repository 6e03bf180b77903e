"""Quizzes: questions that a teacher writes, and attempts that keep their own copy of them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from courses.models.course import Course
from courses.models.enrolment import Enrolment
from courses.question_blocks import QuestionList


class Quiz(models.Model):
    """A quiz of a course. It stands in a lesson as a block; editing it changes no attempt that has begun."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="quizzes", verbose_name=_("course"))
    title = models.CharField(_("title"), max_length=160)
    questions = StreamField(QuestionList(), verbose_name=_("questions"))
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in percent"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), null=True, blank=True, help_text=_("Empty: as many as one likes."), validators=[MinValueValidator(1)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("time in minutes"), null=True, blank=True, help_text=_("Empty: no limit."), validators=[MinValueValidator(1)]
    )
    shuffle = models.BooleanField(_("questions and choices in another order for everyone"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(condition=Q(pass_percent__gte=1, pass_percent__lte=100), name="quiz_pass_mark"),
            models.CheckConstraint(condition=Q(attempts=None) | Q(attempts__gte=1), name="quiz_attempts"),
            models.CheckConstraint(condition=Q(minutes=None) | Q(minutes__gte=1), name="quiz_minutes"),
        ]

    def __str__(self) -> str:
        return self.title


class Attempt(models.Model):
    """One person's try: the questions as they stood when it began (`courses.grading` says their shape), and the answers.

    `enrolment` is null where the teacher's team tries its own quiz: that leaves no trace in statistics. Points are in
    hundredths. A finished attempt never changes.
    """

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="tries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    answers = models.JSONField(default=dict)
    pass_percent = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    earned = models.PositiveIntegerField(null=True)
    obtainable = models.PositiveIntegerField()
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quiz", "user", "number"], name="attempt_number_once"),
            models.UniqueConstraint(fields=["quiz", "user"], condition=Q(finished_at=None), name="one_open_attempt"),
            models.CheckConstraint(
                condition=Q(finished_at=None, earned=None, passed=None)
                | Q(finished_at__isnull=False, earned__isnull=False, passed__isnull=False, earned__lte=models.F("obtainable")),
                name="attempt_graded_when_finished",
            ),
        ]
        indexes = [models.Index(fields=["deadline"], condition=Q(finished_at=None), name="attempts_running")]

    def __str__(self) -> str:
        return f"{self.quiz_id} #{self.number} of {self.user_id}"
