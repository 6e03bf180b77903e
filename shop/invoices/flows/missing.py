"""Papers whose message was given up, or that became due before papers were issued here: a nightly look finds them."""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from kit.clock import now
from shop.invoices.flows.issue import issue_due_paper
from shop.invoices.models import Paper
from shop.orders.models import Order
from shop.payments.models import Dispute, DisputeLine, Refund, RefundLine

logger = logging.getLogger(__name__)
AGE = timedelta(hours=1)


def issue_missing_papers(*, limit: int = 500) -> int:
    """Issue what has been due for an hour and is not there; how many were missing."""
    due: list[tuple[int, str]] = []
    for rows in (
        _without_paper("order", _orders()),
        _without_paper("refund", _refunds()),
        _without_paper("dispute", _disputes()),
    ):
        due += rows[:limit]
    for order_id, source in due:
        issue_due_paper({"order": order_id, "source": source})
        logger.error("a paper was missing", extra={"source": source})
    return len(due)


def _orders() -> QuerySet[Any]:
    paid = Order.objects.filter(paid_at__lt=now() - AGE, total__gt=0)
    return paid.annotate(of=F("pk"))


def _refunds() -> QuerySet[Any]:
    lines = RefundLine.objects.filter(Q(net__gt=0) | Q(tax__gt=0), refund=OuterRef("pk"))
    rows = Refund.objects.filter(Exists(lines) | Q(shipping_amount__gt=0), state__in=Refund.ACCEPTED)
    return rows.filter(created_at__lt=now() - AGE, payment__order__paid_at__isnull=False).annotate(of=F("payment__order"))


def _disputes() -> QuerySet[Any]:
    lines = DisputeLine.objects.filter(Q(net__gt=0) | Q(tax__gt=0), dispute=OuterRef("pk"))
    rows = Dispute.objects.filter(Exists(lines) | Q(shipping_amount__gt=0), state=Dispute.LOST)
    return rows.filter(closed_at__lt=now() - AGE, payment__order__paid_at__isnull=False).annotate(of=F("payment__order"))


def _without_paper(kind: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[int, str]]:
    """(order's id, source) of those that no paper was issued for, oldest first."""
    named = rows.annotate(source=Concat(Value(f"{kind}:"), Cast("pk", CharField())))
    missing = named.filter(~Exists(Paper.objects.filter(source=OuterRef("source"))))
    return missing.order_by("pk").values_list("of", "source")
