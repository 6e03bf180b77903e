"""What disputes and parcels at a store add to an order's status."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef

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
    """Slot order.news: order id → News. One query for any number of orders."""
    disputes = Dispute.objects.filter(payment__order=OuterRef("pk"))
    parcels = Shipment.objects.filter(order=OuterRef("pk"))
    facts = {
        News.DISPUTED: Exists(disputes.filter(state__in=Dispute.OPEN)),
        News.TAKEN_BACK: Exists(disputes.filter(state=Dispute.LOST)),
        News.AT_THE_STORE: Exists(parcels.filter(state=Shipment.State.ARRIVED)),
    }
    rows = Order.objects.filter(pk__in=[order.pk for order in orders])
    told = rows.annotate(**{news.value: fact for news, fact in facts.items()}).values("pk", *(news.value for news in facts))
    return "", {"news": {row["pk"]: {news for news in facts if row[news.value]} for row in told}}
