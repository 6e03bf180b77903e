"""Programmes, their frozen rules, and who has agreed to them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Programme(models.Model):
    """Rules of earning, for one offer or (offer null) for all. The rules in force are the newest version's.

    An agreement with the general programme covers an offer's programme on the same terms, unless `own_agreement`.
    """

    class Joining(models.TextChoices):
        OPEN = "open", _("open to everyone")
        APPLICATION = "application", _("by application")
        INVITATION = "invitation", _("by invitation")

    offer = models.OneToOneField("catalogue.Offer", null=True, blank=True, on_delete=models.CASCADE, related_name="programme")
    name = models.CharField(max_length=120)
    is_open = models.BooleanField(default=True)
    joining = models.CharField(max_length=11, choices=Joining.choices, default=Joining.OPEN, db_default="open")
    own_agreement = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(offer=None), name="one_general_programme")]

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(models.Model):
    """Frozen rules (shop.referrals.rules.Rules as JSON) and the agreement's whole text. Never changed: a change is a new one."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    text = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once")]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"


class Agreement(models.Model):
    """A referrer's acceptance of a programme, by record: `signature` is the digest of rules and text as they were read.

    Without a live one a link earns zero.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="agreements")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    signature = models.CharField(max_length=64, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "programme"], condition=Q(ended_at=None), name="one_live_agreement")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id}"


class Admission(models.Model):
    """Somebody's way into a programme that is not open to everyone: asked for, or offered by the owner."""

    class State(models.TextChoices):
        INVITED = "invited", _("invited")
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="admissions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="admissions")
    state = models.CharField(max_length=8, choices=State.choices)
    message = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "user"], name="admission_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class Channel(models.Model):
    """Where a referrer shares, as the agreement asks: a group, an account, a page."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=30)
    address = models.CharField(max_length=300)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "address"], condition=Q(ended_at=None), name="channel_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
