"""Issuing papers: owed in the transaction that makes them due, issued right after it in one of their own.

So none is lost; no payment waits for another's number; and a number that is not used after all is free again when its
transaction is undone: a series has no gaps. Locks are taken in one order: the order's, then the series'.
"""

from typing import Any

from django.conf import settings
from django.db import transaction

from kit import outbox
from kit.clock import local_date, now
from shop.invoices.content import Content, credit_content, invoice_content
from shop.invoices.models import Paper, Series
from shop.orders.models import Order
from shop.payments.models import Dispute, Refund

TOPIC = "paper.due"
TAKEN_BACK = ":back"
Kind = Paper.Kind


def owe_paper(*, order: Order, source: str) -> None:
    """A paper is due, once: for the order itself (`order:17`), what a refund or a lost dispute gave back (`refund:5`,
    `dispute:2`), or because that money came back to us (`refund:5:back`)."""
    outbox.write(topic=TOPIC, key=source, payload={"order": order.pk, "source": source})


@transaction.atomic
def issue_due_paper(payload: dict[str, Any]) -> None:
    """Handler of `paper.due`. What a paper corrects is issued before it, whichever message comes first."""
    order = Order.objects.select_for_update(of=("self",)).get(pk=payload["order"])
    source = str(payload["source"])
    invoice = _invoice(order)
    if invoice is None or source == order.holder:
        return
    credit = _credit(invoice, source.removesuffix(TAKEN_BACK))
    if credit is not None and source.endswith(TAKEN_BACK):
        _issue(Kind.REVERSAL, order, source, credit.content, corrects=credit)


def _invoice(order: Order) -> Paper | None:
    """The order's; None where it costs nothing, or was never paid (money that could not be placed)."""
    if order.total == 0 or order.paid_at is None:
        return None
    return _issue(Kind.INVOICE, order, order.holder, invoice_content(order))


def _credit(invoice: Paper, source: str) -> Paper | None:
    """Over what a refund or a lost dispute gave back of the order; None where that was nothing of it."""
    kind, _colon, number = source.partition(":")
    rows = Refund.objects if kind == "refund" else Dispute.objects
    cause: Any = rows.prefetch_related("lines__component").get(pk=int(number))
    reason = cause.reason if kind == "refund" else ""
    given = sorted(cause.lines.all(), key=lambda line: line.component_id)
    shipping = (cause.shipping_amount - cause.shipping_tax, cause.shipping_tax)
    content = credit_content(invoice.order, given, shipping, reason)
    return _issue(Kind.CREDIT, invoice.order, source, content, corrects=invoice) if content["total"] else None


def _issue(kind: str, order: Order, source: str, content: Content, **more: Any) -> Paper:
    """The paper of that source: the one that is there, or a new one with the next number."""
    known = Paper.objects.filter(source=source).select_related("order").first()
    if known is not None:
        return known
    moment = now()
    series = _next(f"{Paper.PREFIX[kind]}-{local_date(moment, settings.TIME_ZONE).year}")
    return Paper.objects.create(
        kind=kind,
        series=series,
        position=series.last,
        number=f"{series.code}-{series.last:06d}",
        order=order,
        source=source,
        currency=order.currency,
        total=content["total"],
        content=content,
        issued_at=moment,
        **more,
    )


def _next(code: str) -> Series:
    """The series with its next number taken, locked to the end of the transaction."""
    Series.objects.get_or_create(code=code)
    series = Series.objects.select_for_update().get(code=code)
    series.last += 1
    series.save(update_fields=["last"])
    return series
