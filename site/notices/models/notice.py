"""A person's inbox."""

from django.conf import settings
from django.db import models

from notices.words import in_words, one_line

_WAITING = models.Q(digest=None, emailed_at=None) & ~models.Q(rhythm="")


class Notice(models.Model):
    """One message to one person, in the inbox and perhaps by e-mail.

    `key` makes it once per person; `gate` names what the person must still have access to when it is sent and shown
    (such as `cohort:5`), so that a refunded student gets nothing more. `title`, `body` and `params` are its Words, said
    in the reader's language each time; without params (what was written before they were kept) as they are.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    params = models.JSONField(null=True, blank=True)
    url = models.CharField(max_length=300, blank=True)
    gate = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    # "daily" or "weekly" where it waits for a digest, which takes it when it is made.
    rhythm = models.CharField(max_length=6, blank=True)
    digest = models.ForeignKey("notices.Digest", null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_inbox"),
            models.Index(fields=["user", "created_at"], condition=_WAITING, name="notice_waiting"),
            models.Index(fields=["key"], name="notice_by_key"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def headline(self) -> str:
        """The title in the active language."""
        return one_line(in_words(self.title, self.params))

    @property
    def text(self) -> str:
        """The body in the active language."""
        return in_words(self.body, self.params)


class LetterConsent(models.Model):
    """This person wants letters that are not about what they bought or do here (new classes, invitations). No row: no letters."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letter_consent")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} since {self.given_at:%Y-%m-%d}"
