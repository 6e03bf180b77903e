"""Posts, numbered within their topic."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.topic import Topic


class Post(models.Model):
    """Source, its HTML and the renderer's version; removed posts keep their number."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="posts")
    no = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts")
    source = models.TextField()
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    # The number, in the same topic, of the post that this one answers. One level: what is shown is that post, no tree.
    answers_no = models.PositiveIntegerField(null=True, blank=True)
    key = models.CharField(max_length=64)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "no"], name="post_number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_sent_once"),
        ]
        indexes = [
            models.Index(fields=["author", "-created_at"], name="post_by_author"),
            models.Index(fields=["topic", "answers_no"], condition=models.Q(answers_no__isnull=False), name="post_answers"),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.no}"


class PostVersion(models.Model):
    """What a post said before it was edited; `no` counts from 1, `at` is when these words were written."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    no = models.PositiveIntegerField()
    title = models.CharField(max_length=140, blank=True)
    source = models.TextField()
    html = models.TextField()
    at = models.DateTimeField()
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["-no"]
        constraints = [models.UniqueConstraint(fields=["post", "no"], name="post_version_once")]

    def __str__(self) -> str:
        return f"{self.post_id} v{self.no}"


class Reaction(models.Model):
    """One person's thanks for one post, or another of a few kinds; each kind once."""

    class Kind(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        BRAVO = "bravo", _("Well done")
        LEARNED = "learned", _("I learned something")
        ME_TOO = "me_too", _("Me too")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.THANKS)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user", "kind"], name="reaction_kind_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.post_id}"


class Mention(models.Model):
    """A member named in a post by @handle, as it was written."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    handle = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"@{self.handle} in {self.post_id}"
