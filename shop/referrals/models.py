"""Who brought whom, and what it earns (DISTRIBUTION.md)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order, OrderComponent


class Programme(models.Model):
    """Rules of earning, for one offer or (offer null) for all. The rules in force are the newest version's.

    An agreement with the general programme covers an offer's programme on the same terms, unless `own_agreement`.
    """

    offer = models.OneToOneField("catalogue.Offer", null=True, blank=True, on_delete=models.CASCADE, related_name="programme")
    name = models.CharField(max_length=120)
    is_open = models.BooleanField(default=True)
    own_agreement = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(offer=None), name="one_general_programme")]

    def __str__(self) -> str:
        return self.name


class ProgrammeVersion(models.Model):
    """Frozen rules: shop.referrals.rules.Rules as JSON. Never changed; a change of rules is a new version."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once")]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"


class Agreement(models.Model):
    """A referrer's acceptance of a programme, by record. Without a live one a link earns zero."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="agreements")
    version = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "programme"], condition=Q(ended_at=None), name="one_live_agreement")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.programme_id}"


class Link(models.Model):
    """/r/<code>/ leads to `target`, a path of our own site."""

    code = models.CharField(max_length=24, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="links")
    target = models.CharField(max_length=300)
    channel = models.CharField(max_length=30, blank=True)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    killed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Click(models.Model):
    """A visit by a link, stored before the redirect leaves. `visitor` is the cookie's token; `address_hash` is keyed
    and salted by month; `user` is bound at sign-up or log-in."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="clicks")
    visitor = models.UUIDField(db_index=True)
    address_hash = models.CharField(max_length=32)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_signup = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["link", "-at"], name="click_by_link"),
            models.Index(fields=["user", "-at"], condition=Q(user__isnull=False), name="click_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%F}"


class Attribution(models.Model):
    """Who is credited for an order and why; `receipt` replays it from touches and rules alone. One per order (I13)."""

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

    def __str__(self) -> str:
        return f"{self.order_id} by {self.referrer_id}"


class Commission(models.Model):
    """One immutable line of earning: an accrual, or a reversal with a negative amount (minor units)."""

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
