"""Topics: a typed thread with numbered posts."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.space import Space
from kit.text import slugify_any


class Topic(models.Model):
    """A thread. `about` ties it to a lesson (`lesson:12`); `offer` may stand in it as a block (`offer:3`)."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("question")
        EXPERIENCE = "experience", _("experience")
        WORK = "work", _("work shown")
        DEAL = "deal", _("deal")
        WANTED = "wanted", _("wanted")
        ANNOUNCEMENT = "announcement", _("announcement")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="topics")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="topics")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.QUESTION)
    title = models.CharField(max_length=140)
    about = models.CharField(max_length=60, blank=True)
    offer = models.CharField(max_length=60, blank=True)
    is_pinned = models.BooleanField(default=False)
    is_locked = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    last_no = models.PositiveIntegerField(default=0)
    accepted_no = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["space", "-last_post_at", "-id"], condition=models.Q(removed_at=None), name="topic_board"),
            models.Index(fields=["space"], condition=models.Q(removed_at=None, is_pinned=True), name="topic_pinned"),
            models.Index(fields=["about", "-created_at"], condition=~models.Q(about=""), name="topic_about"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slug(self) -> str:
        return slugify_any(self.title)

    @property
    def path(self) -> str:
        """The topic's address; the slug follows the title, the id finds it."""
        return reverse("community:topic", args=[self.space.slug, self.pk, self.slug])

    @property
    def answered_no(self) -> int | None:
        """The accepted answer's number, while this is a question: it waits where the kind is changed and changed back."""
        return self.accepted_no if self.kind == self.Kind.QUESTION else None

    @property
    def replies(self) -> int:
        return max(0, self.last_no - 1)


class ReadMark(models.Model):
    """How far a person has read a topic; only moves forward."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    last_read_no = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} to {self.last_read_no}"
