"""Reports about a referrer's sharing, and the case that they open: heard, decided, appealed (DISTRIBUTION.md, reports and
penalties). Deposits, patrol and chain responsibility have their place here later."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.referrals.models.link import Link


class Case(models.Model):
    """One question about a link: did its owner keep the agreement? One is open per link and reason; further reports join it.

    `due_at`: until when the owner decides, in its present state; `escalated_at`: when they were told that it is overdue.
    """

    class Reason(models.TextChoices):
        PRICE = "price", _("sold or promised below the agreed price")
        MISLEADING = "misleading", _("misleading claims")
        SPAM = "spam", _("unwanted messages")
        DISCLOSURE = "disclosure", _("does not say that they earn")
        OTHER = "other", _("something else")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DECIDED = "decided", _("decided")
        APPEALED = "appealed", _("appealed")
        CLOSED = "closed", _("closed")

    class Decision(models.TextChoices):
        NOTHING = "nothing", _("nothing is wrong")
        WARNING = "warning", _("a warning")
        KILL_LINKS = "kill_links", _("the link is switched off")
        END_AGREEMENT = "end_agreement", _("the agreement ends, and all links with it")

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="cases")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=14, choices=Decision.choices, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    final = models.CharField(max_length=14, choices=Decision.choices, blank=True)
    final_reason = models.CharField(max_length=1000, blank=True)
    final_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "reason"], condition=Q(state="open"), name="one_open_case"),
            models.CheckConstraint(
                condition=Q(state="open", decision="") | ~Q(state="open") & ~Q(decision="") & Q(decided_by__isnull=False),
                name="decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["open", "appealed"]), name="case_due")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.reason} {self.state}"

    @property
    def in_force(self) -> str:
        """The decision that counts: that on the appeal, else the first; '' before any."""
        return self.final or self.decision


class CaseReport(models.Model):
    """What somebody saw. `reporter` is null for a visitor; `address_hash` is keyed and only counts reports of an hour."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    address_hash = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address_hash", "-at"], name="report_by_address")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.at:%F}"


class CaseEvidence(models.Model):
    """A picture with a report, in the private bucket."""

    report = models.ForeignKey(CaseReport, on_delete=models.CASCADE, related_name="evidence")
    key = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.key
