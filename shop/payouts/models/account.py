"""Where a payee may be paid by Stripe."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayeeAccount(models.Model):
    """A payee's connected account. `key` makes it once, stored before the call; `account_id` is null until it is there,
    and again after the payee has cut us off. `payouts_enabled`: Stripe takes transfers for it and pays it out.

    `rests_until`: an account that took the place of another destination is paid from then on (it is in the past for one that
    was cut off)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payee_account")
    country = models.CharField(max_length=2)
    key = models.CharField(max_length=64, unique=True)
    account_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    payouts_enabled = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    rests_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payouts_enabled=False) | Q(account_id__isnull=False), name="only_accounts_are_paid_out"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id or 'no account'} of {self.user_id}"


class PayeeBank(models.Model):
    """A payee's bank account, asked for when money is due. Details never change: new ones are a new row, and the old one ends.

    `rests_until`: details that took the place of others are paid to from then on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payee_banks")
    holder = models.CharField(max_length=120)
    bank = models.CharField(max_length=120)
    account = models.CharField(max_length=60)
    created_at = models.DateTimeField()
    rests_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="one_bank_per_payee")]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked}"

    @property
    def masked(self) -> str:
        """All that a page needs to show of the number."""
        return f"•••• {self.account[-4:]}"
