"""What a parcel's arrival means for money: the hold on commission ends with the return window; not while it is sent again."""

from typing import Any

from django.db import transaction

from shop.checkout.flows.handover import renew_release
from shop.orders.models import Order


@transaction.atomic
def note_delivery(payload: dict[str, Any]) -> None:
    """Handler of `shipment.delivered` and `shipment.resent`."""
    order = Order.objects.select_for_update(of=("self",)).get(shipments=payload["shipment"])
    renew_release(order=order)
