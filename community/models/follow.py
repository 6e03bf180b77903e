"""Who follows whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Follow(models.Model):
    """`user` wants to hear what `person` brings: new courses now, notes and works later."""

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
