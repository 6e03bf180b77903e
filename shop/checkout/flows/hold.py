"""Holding what an order needs: first the seats that a wait-list keeps for its buyer, then from what is free."""

from collections.abc import Mapping
from datetime import datetime

from community.flows.event_waits import hand_offered_seats
from courses.flows import hand_held_seats
from shop.orders.models import Order
from stock.flows import lock_items, reserve
from stock.models import Reservation


def hold(*, order: Order, demand: Mapping[str, int], expires_at: datetime) -> None:
    """Hold `demand` (ref to pieces) for the order, all or nothing. Raises OutOfStock.

    A gift takes no seat from a wait-list: that seat is kept for the person who waited.
    """
    wanted = {ref: quantity for ref, quantity in demand.items() if quantity > 0}
    lock_items(refs=wanted)
    handed: set[str] = set()
    if order.user_id is not None and not order.terms.get("gift"):
        handed = hand_held_seats(user=order.user_id, refs=wanted, to=order.holder, expires_at=expires_at)
        handed |= hand_offered_seats(user=order.user_id, refs=wanted, to=order.holder, expires_at=expires_at)
    rest = {ref: quantity - (ref in handed) for ref, quantity in wanted.items()}
    reserve(demand=rest, holder=order.holder, expires_at=expires_at)


def not_held(order: Order) -> dict[str, int]:
    """ref → pieces that the order needs and does not hold."""
    demand: dict[str, int] = {}
    for line in order.lines.prefetch_related("components"):
        for part in line.components.all():
            demand[part.ref] = demand.get(part.ref, 0) + part.quantity
    held = Reservation.objects.filter(holder=order.holder, state=Reservation.State.HELD)
    for row in held.select_related("item"):
        demand[row.item.ref] -= row.quantity
    return demand
