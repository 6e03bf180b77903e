"""Papers: lists for the back office, an order's own, and whether a series has gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet, prefetch_related_objects

from kit.clock import start_of_day
from shop.invoices.models import Paper, Series
from shop.orders.models import Order


def papers(kind: str = "", query: str = "") -> QuerySet[Paper]:
    """Newest first, with their orders; `query` is part of a paper's or an order's number, a name or an e-mail address."""
    rows = Paper.objects.select_related("order", "corrects")
    if kind:
        rows = rows.filter(kind=kind)
    if wanted := query.strip():
        person = Q(order__name__icontains=wanted) | Q(order__email__icontains=wanted)
        rows = rows.filter(Q(number__icontains=wanted) | Q(order__number__icontains=wanted) | person)
    return rows.order_by("-issued_at", "-pk")


def papers_of(order: Order) -> Sequence[Paper]:
    """An order's papers, oldest first. One query, remembered with the order."""
    prefetch_related_objects([order], "papers")
    return sorted(order.papers.all(), key=lambda paper: (paper.issued_at, paper.pk))


def papers_between(first: date, last: date, zone_name: str) -> list[Paper]:
    """Issued on these days of that zone, both included, oldest first, with all papers of their orders. Three queries."""
    begin, end = start_of_day(first, zone_name), start_of_day(last + timedelta(days=1), zone_name)
    rows = Paper.objects.filter(issued_at__gte=begin, issued_at__lt=end).select_related("order")
    return list(rows.order_by("issued_at", "pk").prefetch_related("order__papers"))


@dataclass(frozen=True)
class Run:
    """A series: its papers, the highest number, and the number given out last. `complete`: none is missing."""

    code: str
    papers: int
    last: int
    highest: int

    @property
    def complete(self) -> bool:
        return self.papers == self.highest == self.last


def runs() -> list[Run]:
    """Every series. One query."""
    rows = Series.objects.annotate(count=Count("papers"), highest=Max("papers__position")).order_by("code")
    return [Run(row.code, row.count, row.last, row.highest or 0) for row in rows]
