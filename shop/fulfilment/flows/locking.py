"""Everything about parcels locks the order first: refunds do too, so a parcel and its refund never pass each other."""

from shop.fulfilment.models import Shipment
from shop.orders.models import Order, OrderComponent


def locked_order(order_id: int) -> Order:
    return Order.objects.select_for_update(of=("self",)).get(pk=order_id)


def locked_pieces(order: Order) -> list[OrderComponent]:
    """Every part of the order, locked in primary-key order."""
    rows = OrderComponent.objects.select_for_update(of=("self",)).filter(line__order=order)
    return list(rows.select_related("component__sku").order_by("pk"))


def locked_shipment(shipment: Shipment) -> Shipment:
    """The parcel, freshly read under its order's lock and its own."""
    order = locked_order(shipment.order_id)
    row = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    row.order = order
    return row
