"""Where a payee may be paid by Stripe."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayeeAccount(models.Model):
    """A payee's connected account. `key` makes it once, stored before the call; `account_id` is null until it is there,
    and again after the payee has cut us off. `payouts_enabled`: Stripe takes transfers for it and pays it out."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payee_account")
    country = models.CharField(max_length=2)
    key = models.CharField(max_length=64, unique=True)
    account_id = models.CharField(max_length=120, unique=True, null=True, blank=True)
    payouts_enabled = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payouts_enabled=False) | Q(account_id__isnull=False), name="only_accounts_are_paid_out"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id or 'no account'} of {self.user_id}"
