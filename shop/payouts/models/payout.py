"""What we pay, and by which file or transfer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.payouts.models.earning import Earning
from shop.referrals.models import Commission


class Payout(models.Model):
    """One payment to one payee in one currency; amount = Σ its entries (I17)."""

    class State(models.TextChoices):
        PREPARED = "prepared"
        PAID = "paid"
        FAILED = "failed"

    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    transfer_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.payee_id}"


class PayoutEntry(models.Model):
    """A commission or an earning in a payout; in at most one that has not failed (I18), held by `is_live`."""

    payout = models.ForeignKey(Payout, on_delete=models.CASCADE, related_name="entries")
    commission = models.ForeignKey(Commission, null=True, on_delete=models.PROTECT, related_name="payout_entries")
    earning = models.ForeignKey(Earning, null=True, on_delete=models.PROTECT, related_name="payout_entries")
    amount = models.BigIntegerField()
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "payout entries"
        constraints = [
            models.UniqueConstraint(fields=["commission"], condition=Q(is_live=True), name="commission_paid_once"),
            models.UniqueConstraint(fields=["earning"], condition=Q(is_live=True), name="earning_paid_once"),
            models.CheckConstraint(
                condition=Q(commission=None, earning__isnull=False) | Q(commission__isnull=False, earning=None),
                name="entry_of_one_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.commission_id or self.earning_id}"

    @property
    def line(self) -> Commission | Earning:
        """What it pays."""
        line = self.commission or self.earning
        assert line is not None
        return line
