"""Who came to something for sale by a note."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class NoteClick(models.Model):
    """Somebody went from a note to what is tagged in it (`ref`). As Click: `visitor` is the cookie's token, `user` is bound
    at sign-up or log-in; no address, not even a hash of one, is kept."""

    note = models.ForeignKey("community.Note", on_delete=models.CASCADE, related_name="+")
    ref = models.CharField(max_length=60)
    visitor = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    bound_at = models.DateTimeField(null=True)
    is_signup = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], condition=Q(user__isnull=False), name="note_click_by_user"),
            models.Index(fields=["at"], name="note_click_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.note_id} {self.at:%F}"
