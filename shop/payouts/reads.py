"""What is owed and what was paid."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from shop.payouts.models import Payout, PayoutEntry
from shop.payouts.rules import minimum
from shop.referrals.models import Commission


def unpaid_lines() -> QuerySet[Commission]:
    """Commission that is ready to be paid and in no live payout: earnings, and what must be offset."""
    taken = PayoutEntry.objects.filter(commission=OuterRef("pk"), is_live=True)
    return Commission.objects.filter(~Exists(taken), state=Commission.State.AVAILABLE)


@dataclass(frozen=True)
class Payable:
    """A payee's open balance in one currency, in minor units; negative where a refund came after a payout."""

    payee: User
    currency: str
    amount: int
    lines: int

    @property
    def minimum(self) -> int:
        return minimum(self.currency)

    @property
    def is_due(self) -> bool:
        return self.amount >= self.minimum


def payables() -> list[Payable]:
    """Open balances, the largest first. Two queries."""
    sums = unpaid_lines().values("payee", "currency").annotate(sum=Sum("amount"), lines=Count("pk")).order_by("-sum", "payee")
    rows = list(sums)
    people = User.objects.in_bulk({row["payee"] for row in rows})
    return [Payable(people[row["payee"]], row["currency"], row["sum"], row["lines"]) for row in rows]


def payouts(state: str = "") -> QuerySet[Payout]:
    """Payouts, newest first, each with `lines` and `frozen` (lines that a dispute froze since)."""
    rows = Payout.objects.select_related("payee").annotate(
        lines=Count("entries"),
        frozen=Count("entries", filter=Q(entries__commission__state=Commission.State.FROZEN)),
    )
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def to_transfer() -> list[Payout]:
    """Prepared payouts that may go to the bank: none of their lines is frozen. Oldest first."""
    return list(payouts(str(Payout.State.PREPARED)).filter(frozen=0).order_by("pk"))


def totals(rows: Iterable[Payout]) -> dict[str, int]:
    """currency → minor units."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, 0) + row.amount
    return found
