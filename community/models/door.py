"""What leads into a space: codes and invitations, applications with answers and proof; and what one is interested in there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models.space import Space


class Pass(models.Model):
    """Lets in whoever holds it: a code that is typed, a link, or a link for one e-mail address (`email`).

    `secret` is the code, folded, or the random part of the link. `max_uses` None: as often as one likes.
    """

    class Kind(models.TextChoices):
        CODE = "code", _("code")
        LINK = "link", _("invitation link")
        EMAIL = "email", _("invitation by e-mail")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="passes")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    secret = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "passes"
        constraints = [
            models.UniqueConstraint(fields=["space", "secret"], name="pass_secret_once"),
            models.CheckConstraint(condition=Q(max_uses=None) | Q(used__lte=F("max_uses")), name="pass_not_overused"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.space_id}"


class CodeGuess(models.Model):
    """A code that somebody typed and that was wrong; counted for a minute, then forgotten."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="space_code_guess")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.at}"


class Application(models.Model):
    """Answers and proof of somebody who wants to come in. Both are deleted when it is decided.

    `answers`: [{"question", "answer"}]; `proof_key` the document in the private bucket, '' for none (any more).
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="applications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    answers = models.JSONField(default=list)
    interests = models.JSONField(default=list)
    rules_version = models.PositiveIntegerField(default=0)
    proof_key = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "user"], condition=Q(state="open"), name="one_open_application"),
            models.CheckConstraint(condition=Q(state="open") | Q(proof_key="", answers=[]), name="no_proof_after_decision"),
        ]
        indexes = [models.Index(fields=["space", "made_at"], condition=Q(state="open"), name="application_waiting")]

    def __str__(self) -> str:
        return f"{self.user_id} to {self.space_id}: {self.state}"


class Interest(models.Model):
    """One of a space's topics of interest that a member chose."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tag = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "space", "tag"], name="interest_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.tag}"
