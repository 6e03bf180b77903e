"""Double entry. Postings balance and never change (MONEY.md, I19 and I20): the database holds both by triggers."""

from django.db import models
from django.db.models import Q


class Account(models.Model):
    """An account, named by a code such as `stripe_clearing`, `revenue:seat` or `commission_payable`."""

    class Kind(models.TextChoices):
        ASSET = "asset"
        LIABILITY = "liability"
        INCOME = "income"
        EXPENSE = "expense"

    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)

    def __str__(self) -> str:
        return self.code


class Transaction(models.Model):
    """A balanced posting. `key` makes it once; `input_hash` shows a repeat with other numbers; `source` is `order:17`."""

    key = models.CharField(max_length=160, unique=True)
    input_hash = models.CharField(max_length=64)
    source = models.CharField(max_length=60, db_index=True)
    text = models.CharField(max_length=200)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.text


class Entry(models.Model):
    """One side of a posting: debit or credit, in minor units of its currency, never both."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="entry_one_side"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit - self.credit} {self.currency}"
