"""A buyer asks to send goods back. Money follows only when they are here: the owner then refunds them (shop.checkout.flows)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from kit.clock import now
from shop.fulfilment.flows.asking_back import tell_return
from shop.fulfilment.flows.locking import locked_order, locked_pieces
from shop.fulfilment.models import Return, Shipment, ShipmentLine
from shop.orders.models import Order, OrderComponent

State = Return.State


class CannotReturn(Exception):
    """These goods cannot be sent back now; the text is for the buyer."""


@transaction.atomic
def request_return(*, order: Order, component: OrderComponent, quantity: int = 1, reason: str = "") -> Return:
    """The buyer asks to send goods back, within `return_days` of delivery; a mail says where to. Raises CannotReturn.

    Asking again for pieces already asked for returns the open request.
    """
    order = locked_order(order.pk)
    piece = next((row for row in locked_pieces(order) if row.pk == component.pk), None)
    if piece is None:
        raise CannotReturn(_("This is not part of the order."))
    open_request = order.returns.filter(component=piece, shipment=None, state=State.REQUESTED).first()
    if open_request is not None:
        return open_request
    if not 1 <= quantity <= returnable_pieces(piece):
        raise CannotReturn(_("There are not that many to send back."))
    last_day = return_until(order, piece)
    if last_day is None or now() > last_day:
        raise CannotReturn(_("The time for sending this back is over."))
    said = {"quantity": quantity, "reason": reason.strip()[:300]}
    asked = Return.objects.create(order=order, component=piece, requested_at=now(), **said)
    tell_return(asked)
    return asked


def returnable_pieces(piece: OrderComponent) -> int:
    """Pieces delivered that no return brought or is to bring back; none where all was paid back.

    What came back unclaimed was never delivered, and does not count.
    """
    if piece.refunded_net + piece.refunded_tax and piece.refunded_net + piece.refunded_tax >= piece.net + piece.tax:
        return 0
    delivered = ShipmentLine.objects.filter(component=piece, shipment__state=Shipment.State.DELIVERED)
    asked = Return.objects.filter(component=piece, shipment=None, state__in=[State.REQUESTED, State.RECEIVED])
    sums = (
        delivered.aggregate(sum=Sum("quantity"))["sum"] or 0,
        asked.aggregate(sum=Sum("quantity"))["sum"] or 0,
    )
    return max(0, sums[0] - sums[1])


def return_until(order: Order, piece: OrderComponent) -> Any:
    """The moment until which the buyer may ask, or None before delivery."""
    parcels = Shipment.objects.filter(lines__component=piece, state=Shipment.State.DELIVERED)
    delivered_at = parcels.aggregate(last=Max("delivered_at"))["last"]
    return delivered_at and delivered_at + timedelta(days=order.terms.get("return_days", 0))
