"""What we pay, and by which file or transfer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shop.payouts.models.earning import Earning
from shop.payouts.rules import needs_second_person
from shop.referrals.models import Commission


class Payout(models.Model):
    """One payment to one payee in one currency; amount = Σ its entries (I17).

    By the bank's file, or by a Stripe transfer: then `transfer_key` and `destination` are stored before the call, and it is
    `sending` until Stripe has answered. `transfer_id` is the bank's reference or Stripe's id. Large ones leave only once a
    second person has approved them.
    """

    class State(models.TextChoices):
        PREPARED = "prepared"
        SENDING = "sending"
        PAID = "paid"
        FAILED = "failed"

    class Method(models.TextChoices):
        BANK = "bank"
        TRANSFER = "transfer"

    payee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    method = models.CharField(max_length=8, choices=Method.choices, default=Method.BANK, db_default="bank")
    currency = models.CharField(max_length=3)
    amount = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64, unique=True)
    transfer_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    transfer_key = models.CharField(max_length=64, unique=True, null=True, blank=True)
    destination = models.CharField(max_length=120, blank=True, default="", db_default="")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method="bank", transfer_key=None) & ~Q(state="sending")
                | Q(method="transfer", transfer_key__isnull=False, sent_at__isnull=False) & ~Q(destination=""),
                name="transfer_has_key_and_destination",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(prepared_by__isnull=False) & ~Q(approved_by=F("prepared_by")),
                name="approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.payee_id}"

    @property
    def waits_for_approval(self) -> bool:
        """Whether it may not leave yet, because one person alone has decided so much."""
        return self.approved_by_id is None and needs_second_person(self.amount, self.currency)


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
