"""Flags that moderators look at."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models.post import Post


class Report(models.Model):
    """A member flags a post, once; a moderator decides."""

    class State(models.TextChoices):
        OPEN = "open"
        KEPT = "kept"
        REMOVED = "removed"

    class Kind(models.TextChoices):
        UNKIND = "unkind", _("unkind or abusive")
        SPAM = "spam", _("advertising or spam")
        OFF_TOPIC = "off_topic", _("does not belong here")
        PRIVATE = "private", _("somebody's private matters")
        UNLAWFUL = "unlawful", _("unlawful or dangerous")
        OTHER = "other", _("something else")

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "reporter"], name="report_once")]

    def __str__(self) -> str:
        return self.reason
