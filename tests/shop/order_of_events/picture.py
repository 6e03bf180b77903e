"""What became of an order, without names and moments: two orders that lived through the same give equal pictures."""

from collections import Counter
from typing import Any

from courses.models import Enrolment
from shop.ledger.models import Entry
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute, Refund
from shop.referrals.models import Commission
from stock.models import StockItem


def picture(order: Order) -> dict[str, Any]:
    """Order, payments, refunds, disputes, seats, parcels, commission, ledger and stock, by kind and sum."""
    parts = {part.kind: part for part in OrderComponent.objects.filter(line__order=order)}
    kinds = {part.pk: kind for kind, part in parts.items()}
    items = {kind: StockItem.objects.get(ref=part.ref) for kind, part in parts.items()}
    return {
        "order": Order.objects.get(pk=order.pk).state,
        "payments": list(order.payments.order_by("pk").values_list("state", "amount", "fee")),
        "refunds": sorted(_given(row, kinds) for row in Refund.objects.filter(payment__order=order)),
        "disputes": sorted(_given(row, kinds) for row in Dispute.objects.filter(payment__order=order)),
        "parts": {kind: (part.refunded_net, part.refunded_tax, part.shipped) for kind, part in parts.items()},
        "seats": sorted(Enrolment.objects.filter(source=order.holder).values_list("state", flat=True)),
        "parcels": sorted(order.shipments.values_list("state", flat=True)),
        "commission": {kind: _earned(part) for kind, part in parts.items()},
        "ledger": _balances(order),
        "stock": {kind: (item.on_hand, item.reserved, item.allocated) for kind, item in items.items()},
    }


def _given(row: Refund | Dispute, kinds: dict[int, str]) -> tuple[Any, ...]:
    """The parts of a dispute count once it is lost."""
    counts = isinstance(row, Refund) or row.state == Dispute.LOST
    lines = sorted((kinds[line.component_id], line.net, line.tax) for line in row.lines.all() if counts)
    return row.state, row.amount, row.shipping_amount if counts else 0, tuple(lines)


def _earned(part: OrderComponent) -> tuple[int, list[str], bool]:
    lines = list(Commission.objects.filter(component=part))
    return sum(line.amount for line in lines), sorted({line.state for line in lines}), any(line.available_at for line in lines)


def _balances(order: Order) -> dict[str, int]:
    found: Counter[str] = Counter()
    for entry in Entry.objects.filter(transaction__source=order.holder).select_related("account"):
        found[f"{entry.account.code} {entry.currency}"] += entry.debit - entry.credit
    return {code: amount for code, amount in found.items() if amount}
