"""Tickets on an order's page; an event's orders on the event's, for whoever refunds them."""

from typing import Any

from django.db.models import Sum
from django.urls import reverse

from accounts.roles import OWNER, has_role
from community.models import Event, Ticket
from kit.money import format_money
from shop.catalogue.models import Component
from shop.orders.models import Order, OrderComponent

MOST = 500


def fill_tickets(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: the tickets that the order bought, as long as they count. One query."""
    if order.state != Order.State.PAID:
        return None
    tickets = list(Ticket.objects.filter(source=order.holder, state=Ticket.State.LIVE).select_related("event").order_by("pk"))
    user = request.user if request else None
    own = {ticket.pk for ticket in tickets if user is not None and user.pk == ticket.user_id}
    return ("shop/order_tickets.html", {"tickets": tickets, "own": own}) if tickets else None


def fill_orders(request: Any, event: Event) -> tuple[str, dict[str, Any]] | None:
    """Slot event.sold: the paid orders of an event and what of each is still to be refunded where it was cancelled.

    The site's owner gets the way to each refund, the organiser the numbers. Two queries.
    """
    rows = OrderComponent.objects.filter(kind=Component.Kind.TICKET, component__event=event, line__order__state=Order.State.PAID)
    totals = rows.aggregate(net=Sum("net"), tax=Sum("tax"), back=Sum("refunded_net"), tax_back=Sum("refunded_tax"))
    if totals["net"] is None:
        return None
    refunds = has_role(request.user, OWNER)
    parts = rows.select_related("line__order__user").order_by("line__order__pk")[:MOST]
    sold = [_row(part, refunds) for part in parts]
    return "shop/event_orders.html", {
        "event": event,
        "sold": sold,
        "open": sum(not row["is_back"] for row in sold),
        "refunds": refunds,
    }


def _row(part: OrderComponent, refunds: bool) -> dict[str, Any]:
    order = part.line.order
    left = part.net + part.tax - part.refunded_net - part.refunded_tax
    return {
        "number": order.number,
        "name": order.name or (order.user.display_name if order.user else ""),
        "left": format_money(left, order.currency),
        "is_back": not left,
        "url": reverse("shop_refund", args=[order.number]) if refunds else "",
    }
