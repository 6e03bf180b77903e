"""Homework: what is asked, what was handed in, what the teacher said at which second."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Lesson
from courses.models.enrolment import Enrolment


class Assignment(models.Model):
    """The homework of a lesson: text, a recording or files; wanted by the end of day `due_day`, if that is said."""

    lesson = models.OneToOneField(Lesson, on_delete=models.CASCADE, related_name="assignment")
    prompt = models.TextField(_("what to hand in"))
    due_day = models.PositiveSmallIntegerField(_("due on day"), null=True, blank=True)

    def __str__(self) -> str:
        return self.prompt[:60]


class Submission(models.Model):
    """One try at an assignment. `key` is the (first) file in the private bucket, empty for text alone; more of them are
    `files`.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("waiting for review")
        RETURNED = "returned", _("to be improved")
        ACCEPTED = "accepted", _("accepted")

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="submissions")
    text = models.TextField(blank=True)
    key = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "enrolment"], condition=models.Q(state="submitted"), name="one_open_submission"
            ),
        ]
        indexes = [models.Index(fields=["submitted_at"], condition=models.Q(state="submitted"), name="homework_queue")]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.state}"


class SubmissionFile(models.Model):
    """One more file of a submission, beside its first."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="files")
    key = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class HomeworkDraft(models.Model):
    """The words of homework not yet handed in, kept so that one goes on writing elsewhere."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="drafts")
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "enrolment"], name="homework_draft_once")]

    def __str__(self) -> str:
        return self.text[:60]


class Review(models.Model):
    """A teacher's answer to a submission, in words, as a recording (`key` in the private bucket), or both."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="review")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    key = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.body[:60]


class Remark(models.Model):
    """A line of a review, pinned to a second of a recording: of `file`, or of the submission's first file where that is empty."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="remarks")
    file = models.ForeignKey(SubmissionFile, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    second = models.PositiveIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = [models.F("file").asc(nulls_first=True), "second", "pk"]

    def __str__(self) -> str:
        return f"{self.second}: {self.text}"
