"""An order's status in plain words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext as _

from kit import slots
from shop.orders.models import Order, OrderComponent
from shop.orders.reads import fulfilment_status, pieces_of, refund_status


@dataclass(frozen=True)
class Status:
    """`text` on a badge of `tone`, and a sentence that says what it means."""

    text: str
    tone: str
    sentence: str


class News(Enum):
    """What only upper rooms know of an order: the bank examines its payment, or took it back; a parcel waits at a store."""

    DISPUTED = "disputed"
    TAKEN_BACK = "taken_back"
    AT_THE_STORE = "at_the_store"


def news_of(orders: Sequence[Order]) -> dict[int, set[News]]:
    """Order id → what the slot `order.news` tells of it ({"news": {id: {News, …}}})."""
    found: dict[int, set[News]] = {order.pk: set() for order in orders}
    for _template, context in slots.contents("order.news", None, orders=orders) if orders else ():
        for pk, news in context["news"].items():
            found[pk] |= news
    return found


def with_status(request: Any, orders: Sequence[Order]) -> list[tuple[Order, Status]]:
    """Each order with its status; as many queries for one as for many, where lines and parts are prefetched."""
    news, rows = news_of(orders), [(order, pieces_of(order)) for order in orders]
    owed = refunds_to_transfer(request, rows)
    return [(order, status_of(order, pieces, news[order.pk], owed=owed)) for order, pieces in rows]


def refunds_to_transfer(request: Any, listed: Iterable[tuple[Order, Sequence[OrderComponent]]]) -> set[int]:
    """Orders among these, by id, whose refund is still to be transferred to the buyer's bank. Slot `order.owed` knows:
    a filler returns (template, {"owed": {ids}}). Asks nobody where nothing was refunded."""
    refunded = [order.pk for order, pieces in listed if refund_status(pieces) != "none"]
    found = slots.contents("order.owed", request, orders=refunded) if refunded else []
    return {pk for _template, context in found for pk in context["owed"]}


def status_of(order: Order, pieces: Sequence[OrderComponent], news: Collection[News], *, owed: Collection[int] = ()) -> Status:
    """What a buyer wants to know first: money, then parcel. `owed` as `refunds_to_transfer` says."""
    if order.state == Order.State.PAID and order.pk in owed:
        return Status(
            _("Refund under way"), "info", _("We transfer the money to your bank account. This page says when it has left.")
        )
    if order.state == Order.State.PAID:
        found = _of_bank(pieces, news) or _paid(order, pieces, news)
        if "gift" in order.terms and refund_status(pieces) == "none" and News.DISPUTED not in news:
            return _given(order, fulfilment_status(pieces))
        return found
    if order.state == Order.State.PROCESSING and "transfer" in order.terms:
        kept = _("Your things are kept for you until the day below. Banks may need some days.")
        return Status(_("Waiting for your transfer"), "warn", kept)
    return {
        Order.State.DRAFT: Status(_("Draft"), "", _("This order is not placed yet.")),
        Order.State.AWAITING: Status(_("Waiting for payment"), "warn", _("Your things are kept for you until the time below.")),
        Order.State.PROCESSING: Status(
            _("Payment under way"), "info", _("Your bank is still confirming. We write to you as soon as it is done.")
        ),
        Order.State.CANCELLED: Status(_("Cancelled"), "", _("This order was cancelled. Nothing more will be charged.")),
        Order.State.EXPIRED: Status(_("Expired"), "", _("It was not paid in time, so nothing was charged and nothing is kept.")),
        Order.State.REVIEW: Status(
            _("Being checked"),
            "warn",
            _("Something about this payment needs a person's eyes. We write to you; you need do nothing."),
        ),
    }[Order.State(order.state)]


def _of_bank(pieces: Sequence[OrderComponent], news: Collection[News]) -> Status | None:
    """Where the bank of the buyer has the word."""
    if News.DISPUTED in news:
        waits = _("Your bank is examining the payment. Until it has decided, nothing is sent and nothing is refunded.")
        return Status(_("Waits for the bank's decision"), "warn", waits)
    if News.TAKEN_BACK in news and refund_status(pieces) != "none":
        return Status(
            _("Given back by the bank"), "", _("Your bank has given the money back to you. What it had paid for has ended.")
        )
    return None


def _given(order: Order, parcel: str) -> Status:
    """A gift, for its giver. `parcel`: fulfilment_status of its pieces."""
    if order.gift.redeemed_at is None and not order.total:
        waits = _("There is nothing to pay. The kit leaves as soon as the gift is taken.")
        ready = _("There is nothing to pay. The gift waits to be taken.")
        return Status(_("Confirmed"), "leaf", waits if parcel == "open" else ready)
    if order.gift.redeemed_at is None:
        waits = _("It is paid. The kit leaves as soon as the gift is taken.")
        return Status(_("Paid"), "leaf", waits if parcel == "open" else _("It is paid, and waits to be taken."))
    sentences = {
        "none": _("Your gift was taken, and the course is open to whoever took it."),
        "open": _("Your gift was taken. We are packing its kit and send it to the address that was given with it."),
        "delivered": _("Your gift was taken, and its kit has arrived."),
        "returned": _("Your gift was taken. Its kit came back to us."),
    }
    on_its_way = _("Your gift was taken, and its kit is on its way.")
    return Status(_("Gift taken"), "leaf", sentences.get(parcel, on_its_way))


def _paid(order: Order, pieces: Sequence[OrderComponent], news: Collection[News]) -> Status:
    refund, parcel = refund_status(pieces), fulfilment_status(pieces)
    if refund == "full":
        return Status(_("Refunded"), "", _("The whole amount goes back to where it came from."))
    if refund == "partly":
        return Status(
            _("Partly refunded"), "info", _("Part of the amount goes back to where it came from; the rest stays yours.")
        )
    if parcel == "open" and not order.total:
        return Status(_("Confirmed, being packed"), "leaf", _("There is nothing to pay. We are packing your parcel."))
    if parcel == "open":
        return Status(_("Paid, being packed"), "leaf", _("It is paid. We are packing your parcel."))
    if parcel == "partly":
        return Status(_("Partly sent"), "leaf", _("Part of it is on its way; the rest follows."))
    if parcel == "sent" and News.AT_THE_STORE in news:
        return Status(_("Ready for pick-up"), "leaf", _("Your parcel waits for you at the store."))
    if parcel == "sent":
        return Status(_("Sent"), "leaf", _("Your parcel has left us."))
    if parcel == "delivered":
        return Status(_("Delivered"), "leaf", _("Everything has arrived with you."))
    if parcel == "returned":
        return Status(_("Returned"), "", _("We have the goods back. What is due for them is refunded next, and you are told."))
    if not order.total:
        return Status(_("Confirmed"), "leaf", _("There is nothing to pay, and everything is ready for you."))
    return Status(_("Paid"), "leaf", _("It is paid, and everything is ready for you."))
