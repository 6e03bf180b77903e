"""What is owed and what was paid."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import User
from kit.clock import now
from shop.payouts.models import Earning, PayeeAccount, PayeeBank, Payout, PayoutEntry
from shop.payouts.rules import is_due, minimum
from shop.referrals.models import Commission

FROZEN = "frozen"


def unpaid_commissions() -> QuerySet[Commission]:
    """Commission that is ready to be paid and in no live payout: earnings, and what must be offset."""
    taken = PayoutEntry.objects.filter(commission=OuterRef("pk"), is_live=True)
    return Commission.objects.filter(~Exists(taken), state=Commission.State.AVAILABLE)


def unpaid_earnings() -> QuerySet[Earning]:
    """Teachers' shares, likewise."""
    taken = PayoutEntry.objects.filter(earning=OuterRef("pk"), is_live=True)
    return Earning.objects.filter(~Exists(taken), state=Earning.State.AVAILABLE)


def orders_to_release() -> list[int]:
    """Ids of orders with shares whose hold has ended, ascending. One query."""
    due = Earning.objects.filter(state=Earning.State.PENDING, available_at__lte=now())
    return list(due.order_by("component__line__order").values_list("component__line__order", flat=True).distinct())


@dataclass(frozen=True)
class Payable:
    """A payee's open balance in one currency, in minor units; negative where a refund came after a payout.

    `commission` and `shares` make up the balance; `offset` is the negative part of it.
    """

    payee: User
    currency: str
    commission: int
    shares: int
    offset: int
    lines: int

    @property
    def amount(self) -> int:
        return self.commission + self.shares

    @property
    def minimum(self) -> int:
        return minimum(self.currency)

    @property
    def is_due(self) -> bool:
        return is_due(self.amount, self.currency)


def payables() -> list[Payable]:
    """Open balances, the largest first. Three queries."""
    found: dict[tuple[int, str], dict[str, int]] = {}
    for name, lines in (("commission", unpaid_commissions()), ("shares", unpaid_earnings())):
        sums = lines.values("payee", "currency").annotate(
            sum=Sum("amount"), offset=Sum("amount", filter=Q(amount__lt=0), default=0), lines=Count("pk")
        )
        for row in sums.order_by():
            own = found.setdefault((row["payee"], row["currency"]), {"commission": 0, "shares": 0, "offset": 0, "lines": 0})
            own[name] = row["sum"]
            own["offset"] += row["offset"]
            own["lines"] += row["lines"]
    people = User.objects.in_bulk({payee for payee, _currency in found})
    rows = [Payable(people[payee], currency, **sums) for (payee, currency), sums in found.items()]
    return sorted(rows, key=lambda row: (-row.amount, row.payee.pk))


def payouts(state: str = "") -> QuerySet[Payout]:
    """Payouts, newest first, each with `lines` and `frozen` (lines that a dispute froze since)."""
    rows = Payout.objects.select_related("payee", "prepared_by", "approved_by").annotate(
        lines=Count("entries"),
        frozen=Count("entries", filter=Q(entries__commission__state=FROZEN) | Q(entries__earning__state=FROZEN)),
    )
    return (rows.filter(state=state) if state else rows).order_by("-pk")


def to_transfer() -> list[Payout]:
    """Prepared payouts that may go to the bank, each with its `bank`. Oldest first.

    None of their lines is frozen, the large ones are approved, and each payee has named a bank and has not changed it
    within 72 hours.
    """
    return [row for row in prepared() if not row.waits_for]  # type: ignore[attr-defined]


def prepared() -> list[Payout]:
    """Prepared payouts, each with its `bank` (or None) and what it `waits_for`: dispute, approval, bank, rest, or '' (goes now).

    Oldest first. Two queries.
    """
    rows = list(payouts(str(Payout.State.PREPARED)).order_by("pk"))
    banks = {bank.user_id: bank for bank in PayeeBank.objects.filter(user__in=[row.payee_id for row in rows], ended_at=None)}
    for row in rows:
        row.bank = banks.get(row.payee_id)  # type: ignore[attr-defined]
        row.waits_for = _waits_for(row, row.bank)  # type: ignore[attr-defined]
    return rows


def _waits_for(payout: Payout, bank: PayeeBank | None) -> str:
    if payout.frozen:  # type: ignore[attr-defined]
        return "dispute"
    if payout.waits_for_approval:
        return "approval"
    if bank is None:
        return "bank"
    return "rest" if rests(bank) else ""


def rests(destination: PayeeBank | PayeeAccount | None) -> bool:
    """Whether nothing is paid there yet, because it was changed lately."""
    return destination is not None and destination.rests_until is not None and destination.rests_until > now()


def can_transfer(payout: Payout) -> bool:
    """Whether Stripe may send it: prepared, approved, nothing in it frozen (of `payouts()`), and the payee's account is ready."""
    if payout.state != Payout.State.PREPARED or payout.frozen or payout.waits_for_approval:  # type: ignore[attr-defined]
        return False
    account = PayeeAccount.objects.filter(user=payout.payee_id, payouts_enabled=True).first()
    return account is not None and not rests(account)


def totals(rows: Iterable[Payout | Payable]) -> dict[str, int]:
    """currency → minor units."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.currency] = found.get(row.currency, 0) + row.amount
    return found
