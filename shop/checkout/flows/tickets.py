"""Tickets of events that an order bought: handed over, taken back, given again. handover.py calls this under its locks."""

from typing import Any

from community.flows.tickets import close_ticket, grant_ticket, restore_ticket
from community.models import Event, Ticket
from kit.clock import now
from shop.catalogue.models import Component
from shop.orders.models import Gift, Order, OrderComponent
from stock.flows import OutOfStock, consume, give_back, reserve
from stock.reads import taken_pieces

TICKET = Component.Kind.TICKET


def is_over(part: OrderComponent) -> bool:
    """Nothing of its price is kept."""
    return part.refunded_net == part.net and part.refunded_tax == part.tax


def tickets_in(order: Order) -> list[OrderComponent]:
    rows = OrderComponent.objects.filter(line__order=order, kind=TICKET).select_related("line__order", "component__event")
    return list(rows.order_by("pk"))


def event_of(part: OrderComponent) -> Event:
    event = part.component.event
    assert event is not None
    return event


def events_are_over(order: Order) -> bool:
    """Whether a ticket in it is for an event that was cancelled or has ended since: paying for it buys nothing."""
    return any(event_of(part).cancelled_at is not None or event_of(part).ends_at <= now() for part in tickets_in(order))


def grant_tickets(*, order: Order, user: Any) -> None:
    """One ticket an event for what the order still pays for; its seats were consumed before."""
    for part in tickets_in(order):
        if not (is_over(part) and part.net + part.tax):
            grant_ticket(user=user, event=event_of(part), source=order.holder)


def end_ticket(order: Order, part: OrderComponent) -> None:
    """The ticket is closed and its seat freed, which goes to the line first. Who bought two keeps the other one."""
    event = event_of(part)
    ended = close_ticket(source=order.holder, event=event)
    kept = sum(other.quantity for other in tickets_in(order) if other.ref == part.ref and not is_over(other))
    if order.state != Order.State.PAID:
        kept = 0  # a free order that was cancelled: no money says what ends
    spare = taken_pieces(order.holder, part.ref) - kept
    if spare > 0:
        give_back(holder=order.holder, ref=part.ref, quantity=spare)
    if ended and order.user is not None and not Gift.objects.filter(order=order).exists():
        _grant_from_another_order(order, event)


def _grant_from_another_order(order: Order, event: Event) -> None:
    paid = Order.objects.filter(user=order.user, state=Order.State.PAID, gift=None).exclude(pk=order.pk)
    others = OrderComponent.objects.filter(kind=TICKET, component__event=event, line__order__in=paid)
    for other in others.select_related("line__order").order_by("pk"):
        if not is_over(other) and not Ticket.objects.filter(event=event, source=other.line.order.holder).exists():
            grant_ticket(user=order.user, event=event, source=other.line.order.holder)
            return


def ticket_again(order: Order, part: OrderComponent) -> bool:
    """A refund failed: whether the buyer has a seat in the event again, which is not so where others have it by now."""
    event = event_of(part)
    missing = part.quantity - taken_pieces(order.holder, part.ref)
    if missing > 0:
        try:
            reserve(demand={part.ref: missing}, holder=order.holder, expires_at=now())
        except OutOfStock:
            return Ticket.objects.filter(event=event, user=order.user, state=Ticket.State.LIVE).exists()
        consume(holder=order.holder)
    restore_ticket(source=order.holder, event=event)
    return True
