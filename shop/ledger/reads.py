"""What the ledger says. A positive balance is a debit balance; amounts are minor units."""

from dataclasses import dataclass

from django.db.models import Sum

from shop.ledger.models import Account, Entry


@dataclass(frozen=True)
class Balance:
    """One account in one currency."""

    account: str
    kind: str
    currency: str
    debit: int
    credit: int

    @property
    def amount(self) -> int:
        """Debit less credit."""
        return self.debit - self.credit

    @property
    def natural(self) -> int:
        """The balance as its kind counts it: what an income or a liability amounts to is positive."""
        return self.amount if self.kind in (Account.Kind.ASSET, Account.Kind.EXPENSE) else -self.amount


def trial_balance() -> list[Balance]:
    """Every account and currency with entries, in order; debits and credits sum to the same per currency."""
    rows = Entry.objects.values("account__code", "account__kind", "currency").annotate(debits=Sum("debit"), credits=Sum("credit"))
    return [
        Balance(row["account__code"], row["account__kind"], row["currency"], row["debits"], row["credits"])
        for row in rows.order_by("account__code", "currency")
    ]


def balance(account: str, currency: str) -> int:
    """Debit less credit of one account in one currency, in minor units."""
    sums = Entry.objects.filter(account__code=account, currency=currency).aggregate(debits=Sum("debit"), credits=Sum("credit"))
    return (sums["debits"] or 0) - (sums["credits"] or 0)
