"""Posts, numbered within their topic."""

from django.conf import settings
from django.db import models

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
    key = models.CharField(max_length=64)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "no"], name="post_number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_sent_once"),
        ]
        indexes = [models.Index(fields=["author", "-created_at"], name="post_by_author")]

    def __str__(self) -> str:
        return f"{self.topic_id} #{self.no}"


class Reaction(models.Model):
    """One person's thanks for one post."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="reaction_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.post_id}"
