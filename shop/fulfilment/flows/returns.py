"""Goods come back. Money follows only when they are here: the owner then refunds them (shop.checkout.flows)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from shop.fulfilment.flows.locking import locked_order, locked_pieces
from shop.fulfilment.models import Return, Shipment, ShipmentLine
from shop.orders.models import Order, OrderComponent
from stock import flows as stock

State = Return.State


class CannotReturn(Exception):
    """These goods cannot be sent back now; the text is for the buyer."""


@transaction.atomic
def request_return(*, order: Order, component: OrderComponent, quantity: int = 1, reason: str = "") -> Return:
    """The buyer asks to send goods back, within `return_days` of delivery. Raises CannotReturn.

    Asking again for pieces already asked for returns the open request.
    """
    order = locked_order(order.pk)
    piece = next((row for row in locked_pieces(order) if row.pk == component.pk), None)
    if piece is None:
        raise CannotReturn(_("This is not part of the order."))
    open_request = order.returns.filter(component=piece, state=State.REQUESTED).first()
    if open_request is not None:
        return open_request
    if not 1 <= quantity <= returnable_pieces(piece):
        raise CannotReturn(_("There are not that many to send back."))
    last_day = return_until(order, piece)
    if last_day is None or now() > last_day:
        raise CannotReturn(_("The time for sending this back is over."))
    return Return.objects.create(order=order, component=piece, quantity=quantity, reason=reason.strip()[:300], requested_at=now())


def returnable_pieces(piece: OrderComponent) -> int:
    """Pieces delivered and not returned, less those for which a return is under way; none where all was paid back."""
    if piece.refunded_net + piece.refunded_tax and piece.refunded_net + piece.refunded_tax >= piece.net + piece.tax:
        return 0
    delivered = ShipmentLine.objects.filter(component=piece, shipment__state=Shipment.State.DELIVERED)
    under_way = Return.objects.filter(component=piece, state=State.REQUESTED)
    sums = (
        delivered.aggregate(sum=Sum("quantity"))["sum"] or 0,
        under_way.aggregate(sum=Sum("quantity"))["sum"] or 0,
    )
    return max(0, sums[0] - piece.returned - sums[1])


def return_until(order: Order, piece: OrderComponent) -> Any:
    """The moment until which the buyer may ask, or None before delivery."""
    parcels = Shipment.objects.filter(lines__component=piece, state=Shipment.State.DELIVERED)
    delivered_at = parcels.aggregate(last=Max("delivered_at"))["last"]
    return delivered_at and delivered_at + timedelta(days=order.terms.get("return_days", 0))


@transaction.atomic
def receive_return(*, ret: Return, restock: bool, actor: Any) -> Return:
    """The goods are here; `restock` puts them back on the shelf. Once. Raises CannotReturn for a refused request."""
    row = _locked(ret)
    if row.state == State.RECEIVED:
        return row
    if row.state != State.REQUESTED:
        raise CannotReturn(_("This return was refused."))
    piece = OrderComponent.objects.select_for_update(of=("self",)).get(pk=row.component_id)
    piece.returned += row.quantity
    piece.save(update_fields=["returned"])
    if restock:
        stock.take_in(ref=piece.ref, quantity=row.quantity)
    row.state, row.restocked, row.received_at = State.RECEIVED, restock, now()
    row.save(update_fields=["state", "restocked", "received_at"])
    audit.record(
        actor=actor,
        action="return.received",
        target=f"order:{row.order_id}",
        after={"what": piece.ref, "pieces": row.quantity, "restocked": restock},
    )
    return row


@transaction.atomic
def refuse_return(*, ret: Return, actor: Any, reason: str) -> Return:
    """The request is turned down, before anything arrived."""
    row = _locked(ret)
    if row.state == State.REQUESTED:
        row.state = State.REFUSED
        row.save(update_fields=["state"])
        audit.record(actor=actor, action="return.refused", target=f"order:{row.order_id}", reason=reason)
    return row


def _locked(ret: Return) -> Return:
    locked_order(ret.order_id)
    return Return.objects.select_for_update(of=("self",)).get(pk=ret.pk)
