"""Who is credited for an order, what it earns, and what casts doubt on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order, OrderComponent
from shop.referrals.models.link import Link
from shop.referrals.models.programme import ProgrammeVersion


class Attribution(models.Model):
    """Who is credited for an order and why; `receipt` replays it from touches and rules alone. One per order (I13).

    `outcome_at`: when the student reached the day that the rest of the commission waits for.
    """

    class State(models.TextChoices):
        CREDITED = "credited", _("credited")
        HELD_SELF = "held_self", _("held: looks like the referrer's own purchase")
        REJECTED = "rejected", _("rejected")

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="attribution")
    referrer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attributions")
    link = models.ForeignKey(Link, null=True, on_delete=models.PROTECT, related_name="attributions")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    receipt = models.JSONField()
    created_at = models.DateTimeField()
    outcome_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.order_id} by {self.referrer_id}"


class Objection(models.Model):
    """A referrer disputes how an order of theirs was credited, and the owner's answer."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    attribution = models.OneToOneField(Attribution, on_delete=models.CASCADE, related_name="objection")
    text = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.attribution_id} {self.state}"


class Commission(models.Model):
    """One immutable line of earning: an accrual, or a reversal with a negative amount (minor units).

    A bonus or an adjustment hangs on one component of its order; `note` says why an adjustment was made. `on_outcome`: it
    waits for the student's day besides the hold.
    """

    class Kind(models.TextChoices):
        ACCRUAL = "accrual", _("earned")
        REVERSAL = "reversal", _("taken back")
        BONUS = "bonus", _("bonus")
        ADJUSTMENT = "adjustment", _("adjustment")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        FROZEN = "frozen", _("frozen")
        AVAILABLE = "available", _("ready to be paid")
        PAID = "paid", _("paid")

    attribution = models.ForeignKey(Attribution, on_delete=models.PROTECT, related_name="commissions")
    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="commissions")
    component = models.ForeignKey(OrderComponent, on_delete=models.PROTECT, related_name="commissions")
    level = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.CharField(max_length=60)
    rate = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    on_outcome = models.BooleanField(default=False, db_default=False)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    available_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["component", "level", "source"], name="commission_once_per_cause"),
            models.CheckConstraint(
                condition=Q(kind="accrual", amount__gte=0)
                | Q(kind="reversal", amount__lte=0)
                | Q(kind__in=["bonus", "adjustment"]),
                name="commission_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["payee", "-created_at", "-id"], name="commission_by_payee"),
            models.Index(fields=["available_at"], condition=Q(state="pending"), name="commission_due"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"


class Suspicion(models.Model):
    """Something that looks like fraud, with its evidence, for a person to decide. While it is open, nothing of what it
    `covers` is paid out. `key` keeps the same thing from being queued twice."""

    class Kind(models.TextChoices):
        OWN_ACCOUNT = "own_account", _("bought with the referrer's own account")
        SAME_EMAIL = "same_email", _("the same e-mail address")
        SAME_CARD = "same_card", _("the same card")
        SAME_ADDRESS = "same_address", _("the same address")
        CLICKS = "clicks", _("many clicks from one place")
        REFUNDS = "refunds", _("many refunds")
        SIGN_UPS = "sign_ups", _("a burst of sign-ups")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        UPHELD = "upheld", _("upheld")
        DISMISSED = "dismissed", _("dismissed")

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    referrer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="suspicions")
    covers = models.ManyToManyField(Attribution, related_name="suspicions")
    evidence = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["-opened_at"], condition=Q(state="open"), name="suspicion_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
