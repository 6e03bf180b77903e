"""What came in and what went out again, by day, week or month: read from the ledger, so that it agrees with the books."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.utils import timezone

from kit.clock import now, start_of_day
from shop.catalogue.models import Sku
from shop.ledger.models import Entry
from stock.models import StockItem

SPANS = (30, 90, 365)
TRUNC = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
MOST_GOODS = 12


@dataclass(frozen=True)
class Span:
    """The last days up to today in the site's time zone, counted by day (a month), week (a quarter) or month (a year)."""

    days: int

    @property
    def unit(self) -> str:
        return "day" if self.days <= 31 else "week" if self.days <= 120 else "month"

    @property
    def last(self) -> date:
        return timezone.localdate(now(), timezone.get_default_timezone())

    @property
    def first(self) -> date:
        """The first day of the period that the earliest of the days falls into."""
        return _begin_of(self.last - timedelta(days=self.days - 1), self.unit)

    @property
    def since(self) -> datetime:
        return start_of_day(self.first, timezone.get_default_timezone_name())

    def periods(self) -> Iterator[date]:
        """The first day of each period, oldest first."""
        day = self.first
        while day <= self.last:
            yield day
            day = _begin_of(day + timedelta(days={"day": 1, "week": 7, "month": 31}[self.unit]), self.unit)


def _begin_of(day: date, unit: str) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


@dataclass
class Figures:
    """Minor units of one period: taken in (net of tax), given back of it, kept by Stripe, earned by referrers."""

    sold: int = 0
    given_back: int = 0
    fees: int = 0
    commission: int = 0

    @property
    def left(self) -> int:
        return self.sold - self.given_back - self.fees - self.commission


KINDS = ("sold", "given_back", "fees", "commission")
_KIND = Case(
    When(account__code="stripe_fees", then=Value("fees")),
    When(account__code="commission_expense", then=Value("commission")),
    When(transaction__key__startswith="payment:", then=Value("sold")),
    default=Value("given_back"),
    output_field=CharField(),
)


def figures(span: Span, currency: str) -> dict[date, Figures]:
    """Every period's first day → its figures, empty periods too. One query."""
    found = {day: Figures() for day in span.periods()}
    trunc: Any = TRUNC[span.unit]
    rows = _entries(span, currency).annotate(day=trunc("transaction__at", tzinfo=timezone.get_default_timezone()), of=_KIND)
    for row in rows.values("day", "of").annotate(debit=Sum("debit"), credit=Sum("credit")).order_by():
        amount = row["debit"] - row["credit"]
        setattr(found[row["day"].date()], row["of"], -amount if row["of"] == "sold" else amount)
    return found


def _entries(span: Span, currency: str) -> QuerySet[Entry]:
    accounts = Q(account__code__startswith="revenue:") | Q(account__code__in=["stripe_fees", "commission_expense"])
    return Entry.objects.filter(accounts, currency=currency, transaction__at__gte=span.since)


def total_of(rows: dict[date, Figures]) -> Figures:
    return Figures(*(sum(getattr(row, kind) for row in rows.values()) for kind in KINDS))


def currencies() -> list[str]:
    """Codes in which anything was ever written, in order."""
    return list(Entry.objects.order_by("currency").values_list("currency", flat=True).distinct())


def goods_left() -> list[tuple[str, int]]:
    """(name, free pieces) of the goods that run out first. Two queries."""
    items = StockItem.objects.filter(ref__startswith="sku:").annotate(left=F("on_hand") - F("allocated") - F("reserved"))
    left = dict(items.order_by("left", "pk").values_list("ref", "left")[:MOST_GOODS])
    codes = [ref.removeprefix("sku:").removesuffix("@main") for ref in left]
    names = {sku.stock_ref: sku.name for sku in Sku.objects.filter(code__in=codes)}
    return [(names[ref], pieces) for ref, pieces in left.items() if ref in names]
