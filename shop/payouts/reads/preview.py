"""What a payout run would do now. It reads what the run reads, and writes nothing."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from shop.payouts.models import Earning
from shop.payouts.reads.owed import Payable, payables, unpaid_commissions, unpaid_earnings
from shop.referrals.models import Commission

SHOWN = 8
Line = Commission | Earning


@dataclass(frozen=True)
class Run:
    """A balance with its first lines, and how many more there are."""

    balance: Payable
    lines: list[Line]

    @property
    def more(self) -> int:
        return self.balance.lines - len(self.lines)


def preview() -> list[Run]:
    """Every open balance, those that will be paid first, the largest first. Five queries."""
    rows: dict[tuple[int, str], list[Line]] = {}
    commissions = _first(unpaid_commissions().select_related("attribution__order", "component"))
    earnings = _first(unpaid_earnings().select_related("component__line__order"))
    for line in [*commissions, *earnings]:
        rows.setdefault((line.payee_id, line.currency), []).append(line)
    runs = [Run(row, rows.get((row.payee.pk, row.currency), [])[:SHOWN]) for row in payables()]
    return sorted(runs, key=lambda run: not run.balance.is_due)


def _first(lines: QuerySet[Any]) -> list[Any]:
    """The first few of each payee and currency."""
    place = Window(RowNumber(), partition_by=[F("payee"), F("currency")], order_by=F("pk").asc())
    return list(lines.annotate(place=place).filter(place__lte=SHOWN).order_by("pk"))
