"""What is being written and not yet sent: words and files, by person and place."""

from django.conf import settings
from django.db import models

from community.models.post import Post


class Draft(models.Model):
    """One person's unsent words in one place: `space:5` (a new topic), `topic:12` (a reply), `post:99` (an edit).

    `other` is what another device had kept when this one wrote without having seen it: nothing typed is lost.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, blank=True)
    title = models.TextField(blank=True)
    source = models.TextField(blank=True)
    other = models.TextField(blank=True)
    answers_no = models.PositiveIntegerField(null=True, blank=True)
    round = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "place"], name="draft_once")]

    def __str__(self) -> str:
        return f"{self.owner_id} at {self.place}"


class Attachment(models.Model):
    """A file in the private bucket: of a post, or of what its owner writes at `place` as long as `post` is empty."""

    class Kind(models.TextChoices):
        IMAGE = "image"
        AUDIO = "audio"
        VIDEO = "video"
        FILE = "file"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=40)
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=120, unique=True)
    content_type = models.CharField(max_length=60)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    # Made by the sender's browser: sent again, it is the same file.
    sent_key = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "sent_key"], name="attachment_sent_once")]
        indexes = [
            models.Index(fields=["owner", "place"], condition=models.Q(post=None), name="attachment_unsent"),
            models.Index(fields=["owner", "-created_at"], name="attachment_by_owner"),
        ]

    def __str__(self) -> str:
        return self.name
