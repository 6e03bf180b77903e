"""A parcel leaves, arrives, is handed over, or comes back unclaimed."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kit import audit, outbox
from kit.clock import FALLBACK_ZONE, local_date, now, start_of_day
from shop.fulfilment.flows.locking import locked_pieces, locked_shipment
from shop.fulfilment.flows.parcels import begin_class_when_all_is_there
from shop.fulfilment.flows.telling import PICKED_UP, tell_buyer
from shop.fulfilment.flows.tracking import CannotShip, set_way, way_of
from shop.fulfilment.holds import hold_reasons
from shop.fulfilment.models import Return, Shipment
from shop.orders.models import Delivery, OrderComponent
from stock import flows as stock

State = Shipment.State


@transaction.atomic
def ship(*, shipment: Shipment, carrier: str, tracking: str, actor: Any) -> Shipment:
    """The parcel leaves the house: goods leave the stock, the buyer is told. Repeating it changes nothing.

    Raises CannotShip without a carrier or its number (tracking.py), for a stopped parcel, for goods that are not paid or
    were refunded (I12), for goods that are not in the house, and where a slip was printed before address or contents
    changed.
    """
    parcel = locked_shipment(shipment)
    if parcel.state in {State.SHIPPED, State.ARRIVED, State.DELIVERED}:
        return parcel
    pieces = {piece.pk: piece for piece in locked_pieces(parcel.order)}
    if reason := hold_reasons([parcel]).get(parcel.pk):
        raise CannotShip(reason)
    if parcel.state != State.TO_PACK:
        raise CannotShip(_("%(number)s came back: send its goods again in a new parcel.") % {"number": parcel.number})
    set_way(parcel=parcel, carrier=carrier, tracking=tracking)
    stock.lock_items(refs=[piece.ref for piece in pieces.values()])
    for line in parcel.lines.select_related("component").order_by("component__ref"):
        piece = pieces[line.component_id]
        piece.shipped += line.quantity
        piece.save(update_fields=["shipped"])
        _hand_out(parcel, piece, line.quantity, actor)
    parcel.state, parcel.shipped_at = State.SHIPPED, now()
    parcel.save(update_fields=["state", "shipped_at", "carrier", "tracking"])
    audit.record(
        actor=actor,
        action="shipment.shipped",
        target=parcel.order.holder,
        before=str(State.TO_PACK),
        after=way_of(parcel),
    )
    tell_buyer(parcel)
    return parcel


@transaction.atomic
def mark_arrived(*, shipment: Shipment, on: date | None = None, actor: Any) -> Shipment:
    """It waits at the convenience store, since the day `on` (today); the buyer is told until when.

    Raises CannotShip where it is not on its way to one, and for a day before it left or after today.
    """
    parcel = locked_shipment(shipment)
    if parcel.state == State.ARRIVED:
        return parcel
    to_store = Delivery.objects.filter(order=parcel.order, method=Delivery.Method.STORE).exists()
    if parcel.state != State.SHIPPED or not to_store:
        raise CannotShip(_("%(number)s is not on its way to a store.") % {"number": parcel.number})
    parcel.arrived_at = _moment_of(parcel, on)
    _move(parcel, str(State.ARRIVED), actor)
    tell_buyer(parcel)
    return parcel


@transaction.atomic
def mark_delivered(*, shipment: Shipment, actor: Any) -> Shipment:
    """The buyer has it: the return window and, where the class waits for the kit, day 1 begin. Repeating changes nothing.

    Writes `shipment.delivered` for the rooms above. Raises CannotShip where it never left.
    """
    parcel = locked_shipment(shipment)
    if parcel.state == State.DELIVERED:
        return parcel
    if parcel.state not in {State.SHIPPED, State.ARRIVED}:
        raise CannotShip(_("%(number)s has not been sent.") % {"number": parcel.number})
    pieces = {piece.pk: piece for piece in locked_pieces(parcel.order)}
    for line in parcel.lines.all():
        piece = pieces[line.component_id]
        piece.delivered += line.quantity
        piece.save(update_fields=["delivered"])
    parcel.delivered_at = now()
    _move(parcel, str(State.DELIVERED), actor)
    begin_class_when_all_is_there(order=parcel.order)
    outbox.write(topic="shipment.delivered", key=parcel.number, payload={"shipment": parcel.pk})
    tell_buyer(parcel, news=PICKED_UP if parcel.arrived_at else "")
    return parcel


@transaction.atomic
def mark_unclaimed(*, shipment: Shipment, actor: Any) -> Shipment:
    """Nobody fetched it and it is back in the house: its goods wait to be inspected (inspecting.py), the buyer is told.

    Where they had been refunded on their way, nothing comes any more: the class begins without them. Raises CannotShip
    where it never left.
    """
    parcel = locked_shipment(shipment)
    if parcel.state == State.UNCLAIMED:
        return parcel
    if parcel.state not in {State.SHIPPED, State.ARRIVED}:
        raise CannotShip(_("%(number)s is not on its way.") % {"number": parcel.number})
    Return.objects.bulk_create(
        Return(order=parcel.order, component_id=line.component_id, quantity=line.quantity, shipment=parcel, requested_at=now())
        for line in parcel.lines.order_by("pk")
    )
    parcel.unclaimed_at = now()
    _move(parcel, str(State.UNCLAIMED), actor)
    begin_class_when_all_is_there(order=parcel.order)
    tell_buyer(parcel)
    return parcel


def _moment_of(parcel: Shipment, on: date | None) -> datetime:
    """Now, or the noon of an earlier day of the house. Raises CannotShip."""
    today = local_date(now(), FALLBACK_ZONE)
    if on is None or on == today:
        return now()
    assert parcel.shipped_at is not None
    if not local_date(parcel.shipped_at, FALLBACK_ZONE) <= on < today:
        raise CannotShip(_("%(number)s cannot have arrived on that day.") % {"number": parcel.number})
    return max(parcel.shipped_at, start_of_day(on, FALLBACK_ZONE) + timedelta(hours=12))


def _hand_out(parcel: Shipment, piece: OrderComponent, quantity: int, actor: Any) -> None:
    cause = stock.Cause(source=parcel.number, actor=actor)
    try:
        stock.hand_out(holder=parcel.order.holder, ref=piece.ref, quantity=quantity, cause=cause)
    except stock.NotThere as short:
        text = _("%(number)s: only %(there)d × %(name)s are in the house. Split the parcel and send what is there.")
        values = {"number": parcel.number, "there": short.there, "name": piece.component.sku or piece.title}
        raise CannotShip(text % values) from short


def _move(parcel: Shipment, state: str, actor: Any) -> None:
    before, parcel.state = parcel.state, state
    parcel.save(update_fields=["state", "arrived_at", "delivered_at", "unclaimed_at"])
    audit.record(
        actor=actor,
        action=f"shipment.{state}",
        target=parcel.order.holder,
        before=before,
        after={"parcel": parcel.number},
    )
