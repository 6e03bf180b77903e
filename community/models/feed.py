"""What people brought and liked, newest first: one row a person and thing, read by those who follow them."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class FeedItem(models.Model):
    """`actor` brought or liked the thing `ref` (`note:5`). `space` is whose members may know of it; none: everybody.

    Nothing is copied for those who follow: they read the rows of those they follow (fan-out on read). Rows are made anew
    from what is true of the thing (kit.feeds), and the thing is asked again before it is shown.
    """

    class Verb(models.TextChoices):
        BROUGHT = "brought"
        LIKED = "liked"

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feed_items")
    verb = models.CharField(max_length=8, choices=Verb.choices, default=Verb.BROUGHT)
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=60)
    space = models.ForeignKey("community.Space", null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref", "actor", "verb"], name="feed_item_once")]
        indexes = [
            models.Index(fields=["actor", "-at", "-id"], include=["space", "kind"], name="feed_by_actor"),
            models.Index(fields=["-at", "-id"], include=["actor", "space", "kind"], name="feed_by_time"),
            models.Index(fields=["space", "-at", "-id"], condition=Q(space__isnull=False), name="feed_by_space"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.verb} {self.ref}"


class FeedTag(models.Model):
    """What an item is about, folded (kit.text): finds it by the interests that somebody chose. `at` is the item's."""

    item = models.ForeignKey(FeedItem, on_delete=models.CASCADE, related_name="tags")
    tag = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "tag"], name="feed_tag_once")]
        indexes = [models.Index(fields=["tag", "-at", "-item"], name="feed_by_tag")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.tag}"
