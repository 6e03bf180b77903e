"""Parcels are made when an order is paid, and stopped when its money goes back."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum

from courses.flows import begin_day_one
from kit import audit
from kit.clock import FALLBACK_ZONE, local_date, now
from shop.fulfilment.flows.locking import locked_order, locked_pieces
from shop.fulfilment.flows.promising import promised_day
from shop.fulfilment.models import Shipment, ShipmentLine
from shop.fulfilment.numbers import new_number
from shop.fulfilment.rules import goods_of, kept_pieces
from shop.orders.models import Order, OrderComponent
from stock import flows as stock
from stock.models import Reservation

State = Shipment.State


@transaction.atomic
def create_shipments(*, order: Order) -> list[Shipment]:
    """One parcel for all goods of a paid order that are in none yet; a repeat makes nothing.

    Call it after `stock.consume`. Where a stopped parcel's goods were given back (a refund that failed afterwards), they
    are taken again; raises stock.flows.OutOfStock where they are gone.
    """
    order = locked_order(order.pk)
    if order.state != Order.State.PAID:
        return []
    pieces = locked_pieces(order)
    packed = _pieces_in(order, str(State.TO_PACK))
    missing = {
        piece: kept_pieces(piece, pieces) - piece.shipped - packed[piece.pk]
        for piece in goods_of(pieces)
        if kept_pieces(piece, pieces) > piece.shipped + packed[piece.pk]
    }
    if not missing:
        return []
    _take_again(order, missing, packed, pieces)
    return [make_parcel(order, missing, planned_on=promised_day(order, list(missing)))]


def _pieces_in(order: Order, state: str) -> Counter[int]:
    """component id → pieces in the order's parcels of a state."""
    lines = ShipmentLine.objects.filter(shipment__order=order, shipment__state=state)
    return Counter({row["component"]: row["pieces"] for row in lines.values("component").annotate(pieces=Sum("quantity"))})


def _take_again(
    order: Order,
    missing: Mapping[OrderComponent, int],
    packed: Mapping[int, int],
    pieces: Iterable[OrderComponent],
) -> None:
    wanted: Counter[str] = Counter()
    for piece, quantity in missing.items():
        wanted[piece.ref] += quantity
    for piece in pieces:
        if piece.ref in wanted:
            wanted[piece.ref] += packed.get(piece.pk, 0)
    taken = Reservation.objects.filter(holder=order.holder, item__ref__in=wanted, state=Reservation.State.CONSUMED)
    for row in taken.values("item__ref").annotate(left=Sum(F("quantity") - F("closed"))):
        wanted[row["item__ref"]] -= row["left"]
    short = {ref: quantity for ref, quantity in wanted.items() if quantity > 0}
    if short:
        stock.reserve(demand=short, holder=order.holder, expires_at=now())
        stock.consume(holder=order.holder)


def make_parcel(order: Order, contents: Mapping[OrderComponent, int], *, planned_on: date | None = None) -> Shipment:
    """A parcel that waits, of these parts of a locked order."""
    parcel = Shipment.objects.create(order=order, number=new_number(), created_at=now(), planned_on=planned_on)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=parcel, component=piece, quantity=quantity) for piece, quantity in contents.items()
    )
    return parcel


@transaction.atomic
def stop_shipments(*, order: Order, components: Collection[OrderComponent] | None = None, actor: Any = None) -> list[Shipment]:
    """Stop unsent parcels that hold any of `components` (None: all), and give their goods back to stock, once.

    What else was in such a parcel goes into a new one with a new number: a slip that was printed stays invalid.
    Call it after the refunded amounts are written, and `begin_class_when_all_is_there` after it. Returns the parcels
    stopped now.
    """
    order = locked_order(order.pk)
    chosen = None if components is None else {piece.pk for piece in components}
    stock.lock_items(refs=[piece.ref for piece in goods_of(locked_pieces(order))])
    rows = Shipment.objects.select_for_update(of=("self",)).filter(order=order, state=State.TO_PACK).order_by("pk")
    stopped = []
    for parcel in rows.prefetch_related("lines__component"):
        lines = sorted(parcel.lines.all(), key=lambda line: line.component.ref)
        gone = [line for line in lines if chosen is None or line.component_id in chosen]
        if not gone:
            continue
        parcel.state = State.STOPPED
        parcel.save(update_fields=["state"])
        for line in gone:
            stock.give_back(holder=order.holder, ref=line.component.ref, quantity=line.quantity)
        if rest := {line.component: line.quantity for line in lines if line not in gone}:
            make_parcel(order, rest, planned_on=parcel.planned_on)
        audit.record(actor=actor, action="shipment.stopped", target=order.holder, after=parcel.number)
        stopped.append(parcel)
    return stopped


def begin_class_when_all_is_there(*, order: Order) -> None:
    """Day 1 of seats that wait for a kit, once nothing of the order is still to come; the buyer's local day.

    Nothing comes any more where all was delivered, and where what was not delivered has been refunded: before it left,
    or after it came back unclaimed.
    """
    pieces = list(OrderComponent.objects.filter(line__order=order))
    unclaimed = _pieces_in(order, str(State.UNCLAIMED))
    owed = any(kept_pieces(piece, pieces) > piece.shipped - unclaimed[piece.pk] for piece in goods_of(pieces))
    if owed or order.shipments.filter(state__in=[State.TO_PACK, State.SHIPPED, State.ARRIVED]).exists():
        return
    zone = order.user.time_zone if order.user else FALLBACK_ZONE
    came = order.shipments.filter(state=State.DELIVERED).exists()
    begin_day_one(source=order.holder, on=local_date(now(), zone), kit_came=came)
