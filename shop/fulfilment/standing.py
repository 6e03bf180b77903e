"""What disputes and parcels at a store add to an order's status."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from shop.fulfilment.models import Shipment
from shop.orders.models import Order
from shop.orders.texts import News
from shop.payments.models import Dispute


def fill_parcels(request: Any, sources: Collection[str]) -> tuple[str, dict[str, Any]]:
    """Slot learn.parcel: the orders (`order:17`) of which a parcel is on its way or at its store. One query."""
    orders = [int(source.removeprefix("order:")) for source in sources if source.startswith("order:")]
    away = Shipment.objects.filter(order__in=orders, state__in=[Shipment.State.SHIPPED, Shipment.State.ARRIVED])
    return "", {"sent": {f"order:{order}" for order in away.values_list("order", flat=True)}}


def fill_news(request: Any, orders: Collection[Order]) -> tuple[str, dict[str, Any]]:
    """Slot order.news: order id → News. Two queries for any number of orders."""
    found: dict[int, set[News]] = defaultdict(set)
    ids = [order.pk for order in orders]
    disputes = Dispute.objects.filter(payment__order__in=ids, state__in=[*Dispute.OPEN, Dispute.LOST])
    for order, state in disputes.values_list("payment__order", "state"):
        found[order].add(News.TAKEN_BACK if state == Dispute.LOST else News.DISPUTED)
    waiting = Shipment.objects.filter(order__in=ids, state=Shipment.State.ARRIVED)
    for order in waiting.values_list("order", flat=True):
        found[order].add(News.AT_THE_STORE)
    return "", {"news": found}
