"""An address is corrected while a parcel still waits."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit
from shop.fulfilment.flows.locking import locked_order
from shop.fulfilment.models import Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.models import Delivery, Order


class CannotReaddress(Exception):
    """Nothing of the order can go to another address; the text is for the packer."""


@transaction.atomic
def readdress(*, order: Order, delivery: DeliveryData, actor: Any) -> Delivery:
    """Send what has not left yet to another address. Slips printed before no longer tell the truth, and stop their parcels.

    The trail names the fields that changed, not their contents: it is never erased, addresses must be. Raises
    CannotReaddress where nothing waits to be sent.
    """
    order = locked_order(order.pk)
    row = Delivery.objects.select_for_update().filter(order=order).first()
    if row is None or not order.shipments.filter(state=Shipment.State.TO_PACK).exists():
        raise CannotReaddress(_("Nothing of this order waits to be sent."))
    fields = delivery.as_fields()
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(actor=actor, action="delivery.changed", target=order.holder, after={"fields": changed})
    return row
