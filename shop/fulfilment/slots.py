"""What parcels add to an order's page: where each is, what happens next, and how to send something back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from kit.clock import now
from shop.fulfilment.carriers import tracking_url
from shop.fulfilment.flows.returns import return_until, returnable_pieces
from shop.fulfilment.models import Return, Shipment
from shop.fulfilment.reads import parcels_of
from shop.fulfilment.rules import pick_up_until
from shop.fulfilment.sender import sender
from shop.fulfilment.views.returns import ReturnForm
from shop.orders.models import Delivery, Order, OrderComponent
from shop.orders.texts import News

State = Shipment.State
# Another parcel came in their place.
HIDDEN = (State.STOPPED, State.RESENT)


@dataclass(frozen=True)
class Step:
    label: str
    state: str


@dataclass(frozen=True)
class ParcelCard:
    """A parcel as its buyer sees it."""

    parcel: Shipment
    steps: list[Step]
    tracking_url: str
    until: date | None


@dataclass(frozen=True)
class Returnable:
    """Goods that may still be sent back, until a moment."""

    piece: OrderComponent
    pieces: int
    until: datetime
    form: ReturnForm


def fill_next(request: Any, order: Order, **place: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot order.next: parcels and returns. Silent where nothing is sent."""
    shown = parcels_in(order) if order.paid_at else {"cards": []}
    if not shown["cards"]:
        return None
    asked = order.returns.filter(state=Return.State.REQUESTED, shipment=None)
    returns = list(asked.select_related("component__component__sku").order_by("pk"))
    context = {
        **shown,
        "order": order,
        "key": place.get("key", ""),
        "disputed": News.DISPUTED in place.get("news", ()),
        # Where a gift goes is the recipient's business.
        "given": hasattr(order, "gift"),
        "returnables": _returnables(order, [card.parcel for card in shown["cards"]]),
        "returns": returns,
        "sender": sender() if returns else None,
    }
    return "shop/fulfilment/next.html", context


def parcels_in(order: Order) -> dict[str, Any]:
    """What shop/fulfilment/parcels.html shows to whom they are sent: `cards`, `delivery`, `to_store`."""
    parcels = [parcel for parcel in parcels_of(order) if parcel.state not in HIDDEN]
    delivery = Delivery.objects.filter(order=order).first()
    to_store = delivery is not None and delivery.method == Delivery.Method.STORE
    return {"cards": [_card(parcel, to_store) for parcel in parcels], "delivery": delivery, "to_store": to_store}


def _card(parcel: Shipment, to_store: bool) -> ParcelCard:
    path = [(State.TO_PACK, _("Being packed")), (State.SHIPPED, _("On its way"))]
    path += [(State.ARRIVED, _("At the store"))] if to_store else []
    path += [(State.DELIVERED, _("Picked up") if to_store else _("Delivered"))]
    names = [state for state, _label in path]
    at = names.index(State(parcel.state)) if parcel.state in names else -1
    finished = parcel.state == State.DELIVERED
    steps = [Step(label, _step_state(index, at, finished)) for index, (_state, label) in enumerate(path)]
    return ParcelCard(parcel, steps, tracking_url(parcel.carrier, parcel.tracking), pick_up_until(parcel))


def _step_state(index: int, at: int, finished: bool) -> str:
    if index < at or finished:
        return "done"
    return "now" if index == at else ""


def _returnables(order: Order, parcels: list[Shipment]) -> list[Returnable]:
    """What was delivered and may still come back; each good asks for its counts only while the window is open."""
    found = {}
    for parcel in parcels:
        for line in parcel.lines.all() if parcel.state == State.DELIVERED else []:
            piece, until = line.component, return_until(order, line.component)
            left = returnable_pieces(piece) if until and now() <= until else 0
            if left:
                form = ReturnForm(
                    initial={"component": piece.pk, "quantity": left},
                    prefix=None,
                    auto_id=f"return-{piece.pk}-%s",
                )
                found[piece.pk] = Returnable(piece, left, until, form)
    return list(found.values())
