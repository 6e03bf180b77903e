"""A person's inbox."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person, in the inbox and perhaps by e-mail.

    `key` makes it once per person; `gate` names what the person must still have access to when it is sent and shown
    (such as `cohort:5`), so that a refunded student gets nothing more.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    gate = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.title
