"""The shop's tables as files: one row a thing, oldest first, amounts in whole units, moments in UTC (ISO 8601)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kit.money import decimals
from shop.ledger.models import Entry
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Payment, Refund
from shop.referrals.models import Commission
from stock.models import StockItem

BATCH = 1000


@dataclass(frozen=True)
class Export:
    """`fields` maps a column to the path of its value from a row of `source`; `money` are columns of minor units in the
    row's `currency`.
    """

    label: Promise | str
    source: Callable[[], QuerySet[Any]]
    fields: dict[str, str]
    money: frozenset[str] = frozenset()

    @property
    def head(self) -> list[str]:
        return list(self.fields)

    def rows(self) -> Iterable[Sequence[Any]]:
        """Cells of every row, in batches: memory does not grow with the table."""
        for row in self.source().values(**{f"x_{name}": F(path) for name, path in self.fields.items()}).iterator(BATCH):
            currency = row.get("x_currency", "")
            yield [_cell(row[f"x_{name}"], currency if name in self.money else "") for name in self.fields]


def _cell(value: Any, currency: str) -> Any:
    if currency and value is not None:
        return f"{Decimal(value).scaleb(-decimals(currency)):f}"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _same(*names: str, **paths: str) -> dict[str, str]:
    return {name: name for name in names} | paths


ORDER_SUMS = ("subtotal", "shipping", "discount", "tax", "tax_on_top", "total")
PART_SUMS = ("net", "tax", "refunded_net", "refunded_tax")
EXPORTS = {
    "orders": Export(
        _("Orders"),
        lambda: Order.objects.exclude(state=Order.State.DRAFT).order_by("pk"),
        _same("number", "state", "placed_at", "paid_at", "email", "name", "language", "currency", *ORDER_SUMS)
        | {"country": "delivery__country", "referrer": "attribution__referrer__email", "place": "place"},
        frozenset(ORDER_SUMS),
    ),
    "order-parts": Export(
        _("What orders hold"),
        lambda: OrderComponent.objects.exclude(line__order__state=Order.State.DRAFT).order_by("pk"),
        {"order": "line__order__number", "offer": "line__title", "part": "title", "kind": "kind", "ref": "ref"}
        | _same("quantity", "shipped", "delivered", "returned", currency="line__order__currency")
        | _same(*PART_SUMS),
        frozenset(PART_SUMS),
    ),
    "payments": Export(
        _("Payments"),
        lambda: Payment.objects.order_by("pk"),
        {"order": "order__number"}
        | _same("method", "state", "currency", "amount", "fee", "provider_id", "created_at", "settled_at"),
        frozenset({"amount", "fee"}),
    ),
    "refunds": Export(
        _("Refunds"),
        lambda: Refund.objects.order_by("pk"),
        {"order": "payment__order__number"}
        | _same("state", "currency", "amount", "shipping_amount", "reason", "provider_id", "created_at", "settled_at"),
        frozenset({"amount", "shipping_amount"}),
    ),
    "commissions": Export(
        _("Commissions"),
        lambda: Commission.objects.order_by("pk"),
        {"order": "attribution__order__number", "referrer": "payee__email", "part": "component__title"}
        | _same("kind", "state", "currency", "amount", "created_at", "available_at"),
        frozenset({"amount"}),
    ),
    "ledger": Export(
        _("Ledger"),
        lambda: Entry.objects.order_by("pk"),
        {"at": "transaction__at", "key": "transaction__key", "source": "transaction__source", "text": "transaction__text"}
        | _same("currency", "debit", "credit", account="account__code"),
        frozenset({"debit", "credit"}),
    ),
    "stock": Export(
        _("Stock"),
        lambda: StockItem.objects.order_by("ref"),
        _same("ref", "on_hand", "allocated", "reserved"),
    ),
}
