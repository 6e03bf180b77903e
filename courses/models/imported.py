"""What came from outside: which cartridge became which course, and the topics that each class of it shall find."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course, Lesson


class CartridgeImport(models.Model):
    """A cartridge that became a course, once a teacher by its digest. `report`: {"lines": [[what, name, state, note]]}."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="cartridge")
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    report = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teacher", "digest"], name="cartridge_imported_once")]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.digest[:12]}"


class Prompt(models.Model):
    """A discussion of a lesson: a topic that is opened on the board of every class of the course."""

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="prompts")
    title = models.CharField(max_length=140)
    source = models.TextField()

    def __str__(self) -> str:
        return self.title


class ImportJob(models.Model):
    """A cartridge that somebody uploaded to be imported; `key` is its place in the private bucket until that is done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being read")
        DONE = "done", _("imported")
        REFUSED = "refused", _("refused")

    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)
    title = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    message = models.CharField(max_length=500, blank=True)
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class UploadedDocument(models.Model):
    """A Word or Markdown file that shall become lessons of a course; `key` is its place in the private bucket until then."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
