"""One collected mail."""

from django.conf import settings
from django.db import models


class Digest(models.Model):
    """Notices that one mail brings together: one for a person, rhythm and local day, whatever runs twice or is killed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    rhythm = models.CharField(max_length=6)
    day = models.DateField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "rhythm", "day"], name="digest_once")]

    def __str__(self) -> str:
        return f"{self.rhythm} of {self.day} for {self.user_id}"
