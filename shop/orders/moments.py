"""The history of an order as its buyer reads it. Upper rooms add theirs through the slot `order.moments`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kit import slots
from shop.orders.models import Order


@dataclass(frozen=True)
class Moment:
    """Something that happened. `state`: done | now. `cause` names its line of the audit trail, where there is one:
    an action, or `action:what` (a parcel's number, a refund's id)."""

    at: datetime
    title: str
    text: str = ""
    icon: str = ""
    href: str = ""
    state: str = "done"
    cause: str = ""


def moments_of(request: Any, order: Order, to_buyer: bool = True) -> list[Moment]:
    """Oldest first, told to the buyer or to us.

    A filler of `order.moments` returns (template, {"moments": [Moment, …]}); the page draws them.
    """
    found = [*_own_moments(order)]
    for _template, context in slots.contents("order.moments", request, order=order, to_buyer=to_buyer):
        found.extend(context["moments"])
    return sorted(found, key=lambda moment: moment.at)


def _own_moments(order: Order) -> list[Moment]:
    found = [Moment(order.placed_at, _("Order placed"))]
    if order.paid_at:
        found.append(
            Moment(
                order.paid_at,
                _("Payment received") if order.total else _("Order confirmed, nothing to pay"),
                cause="transfer.confirmed",
            )
        )
    if order.ended_at and order.state == Order.State.EXPIRED:
        found.append(
            Moment(order.ended_at, _("Not paid in time"), _("Seats and goods were given free again; nothing was charged."))
        )
    if order.ended_at and order.state == Order.State.CANCELLED:
        found.append(Moment(order.ended_at, _("Cancelled"), cause="order.cancelled"))
    return found
