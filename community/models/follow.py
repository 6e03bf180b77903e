"""Who follows whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Follow(models.Model):
    """`user` wants to hear what `person` brings: in the feed, and a notice of each new course."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="followed_once"),
            models.CheckConstraint(condition=~Q(user=F("person")), name="nobody_follows_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.person_id}"


class Watch(models.Model):
    """`user` wants to be told: of new topics in `space`, or of new posts in `topic`; one of the two."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    space = models.ForeignKey("community.Space", null=True, on_delete=models.CASCADE, related_name="watches")
    topic = models.ForeignKey("community.Topic", null=True, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "space"], condition=Q(topic=None), name="space_watched_once"),
            models.UniqueConstraint(fields=["user", "topic"], condition=Q(space=None), name="topic_watched_once"),
            models.CheckConstraint(condition=Q(space=None) ^ Q(topic=None), name="watch_of_one_thing"),
        ]
        verbose_name_plural = "watches"

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.space_id or ''}/{self.topic_id or ''}"
