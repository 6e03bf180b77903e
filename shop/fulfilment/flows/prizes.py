"""Prizes of draws become parcels: the winner says where to, an order that costs nothing sends it as any other."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community.flows.draws import prize_holder
from community.models import DrawWin
from kit import audit
from kit.clock import now
from notices.flows import Words, language_of, notify
from shop.catalogue.flows import Part, change_contents, create_sku
from shop.catalogue.models import Offer, Price, Sku
from shop.catalogue.shipping import NotSentThere, Parcel, shipping_fee
from shop.fulfilment.flows.parcels import create_shipments
from shop.fulfilment.models import Prize, Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.flows import create_order
from shop.orders.models import Order
from stock import flows as stock

BOX = {"length_mm": 250, "width_mm": 180, "height_mm": 60, "weight_g": 500}


class CannotSend(Exception):
    """The prize cannot go there; with words for the winner."""


def prepare_prize(payload: dict[str, Any]) -> None:
    """Handler of `draw.won`: once a win; the winner is asked where to send it."""
    win = DrawWin.objects.select_related("entry__user", "draw").get(pk=payload["win"])
    sku = _sku_named(win.thing)
    person = win.entry.user if win.entry.user is not None and win.entry.user.is_active else None
    prize, made = Prize.objects.get_or_create(win=win, defaults={"person": person, "sku": sku, "created_at": now()})
    if made and person is not None:
        words = Words(
            gettext_noop("You won: %(prize)s"),
            gettext_noop("In the draw “%(draw)s”. Tell us where to send it."),
            {"prize": win.prize, "draw": win.draw.title},
        )
        notify(user=person, kind="draw", key=f"prize:{prize.pk}", words=words, url=f"/prizes/{prize.pk}/")


def _sku_named(thing: str) -> Sku | None:
    kind, _colon, ident = thing.partition(":")
    return Sku.objects.filter(pk=int(ident)).first() if kind == "sku" and ident.isdecimal() else None


@transaction.atomic
def claim_prize(*, user: Any, prize: Prize, delivery: DeliveryData) -> Order:
    """Send the prize there: an order of nothing, its parcel waiting for the packer. Again: the same order.

    Raises CannotSend.
    """
    row = Prize.objects.select_for_update(of=("self",)).select_related("win__draw", "sku", "order").get(pk=prize.pk)
    if row.person_id != user.pk:
        raise CannotSend(_("This prize is somebody else's."))
    if row.order is not None:
        return row.order
    sku = row.sku or _described(row)
    try:
        place = {"country": delivery.country, "postal_code": delivery.postal_code}
        shipping_fee(Parcel(sku.currency, sku.weight_g, worth=sku.value), **place)
    except NotSentThere as error:
        raise CannotSend(_("The prize is not sent to this address.")) from error
    order = _order(row, sku, user, delivery)
    _take(row, sku, order)
    order.state, order.paid_at = Order.State.PAID, now()
    order.save(update_fields=["state", "paid_at"])
    row.sku, row.order = sku, order
    row.save(update_fields=["sku", "order"])
    create_shipments(order=order)
    audit.record(actor=user, action="prize.claimed", target=order.holder, after={"win": row.win_id})
    return order


def _described(prize: Prize) -> Sku:
    """What the shop does not keep: one piece, by its name, in a small box."""
    return create_sku(
        code=f"PRIZE-{prize.win_id}",
        name=prize.win.prize,
        seller=prize.win.draw.author,
        value=0,
        currency="TWD",
        on_hand=1,
        contents=prize.win.prize,
        **BOX,
    )


def _order(prize: Prize, sku: Sku, user: Any, delivery: DeliveryData) -> Order:
    """It costs nothing. The offer behind it has no price and stays a draft: nobody else finds or buys it."""
    offer = Offer.objects.create(
        slug=f"prize-{prize.win_id}", title=prize.win.prize, seller=sku.seller, refund_days=0, return_days=0
    )
    bundle = change_contents(offer=offer, components=[Part(sku=sku)])
    return create_order(
        lines=[(offer, bundle, Price(offer=offer, currency=sku.currency, amount=0), 1)],
        user=user,
        email=user.email,
        name=delivery.name,
        language=language_of(user),
        currency=sku.currency,
        delivery=delivery,
        shipping=0,
        place="",
        return_to="",
        checkout_key=hashlib.sha256(f"prize:{prize.pk}".encode()).hexdigest(),
        hold_until=now(),
        terms=_terms(offer, prize),
    )


def _terms(offer: Offer, prize: Prize) -> dict[str, Any]:
    said = {"title": offer.title, "refund_days": 0, "return_days": 0, "policy": offer.refund_policy.as_terms()}
    return {"leaves_by": "", "refund_days": 0, "return_days": 0, "offers": {str(offer.pk): said}, "prize": prize.win_id}


def _take(prize: Prize, sku: Sku, order: Order) -> None:
    """The piece that the draw held becomes the order's; what nobody held is taken from what is free."""
    held = prize_holder(prize.win.draw_id, prize.win.position)
    stock.lock_items(refs=[sku.stock_ref])
    try:
        if not stock.hand_to(holder=held, to=order.holder, ref=sku.stock_ref, expires_at=now()):
            stock.reserve(demand={sku.stock_ref: 1}, holder=order.holder, expires_at=now())
    except stock.OutOfStock as error:
        raise CannotSend(_("Your prize is not in the house at the moment. Please try again later, or write to us.")) from error
    stock.consume(holder=order.holder)


def invite_unboxing(payload: dict[str, Any]) -> None:
    """Handler of `shipment.delivered`: who got a prize is invited to show it, with its things tagged in the new topic."""
    parcel = Shipment.objects.select_related("order__prize__win__draw__space", "order__prize__person").get(pk=payload["shipment"])
    prize = getattr(parcel.order, "prize", None)
    if prize is None or prize.person is None:
        return
    space = prize.win.draw.space
    notify(
        user=prize.person,
        kind="draw",
        key=f"unboxing:{prize.pk}",
        words=Words(
            gettext_noop("Show what was in the box: %(prize)s"),
            gettext_noop("The others are curious. A new post is prepared, with your prize in it."),
            {"prize": prize.win.prize},
        ),
        url=f"/community/{space.slug}/new/?kind=work&about=prize:{prize.pk}",
        gate=f"space:{space.pk}",
    )


def export_person(user: Any) -> dict[str, Any]:
    """What was won in draws."""
    return {"prizes": list(Prize.objects.filter(person=user).values("win__prize", "win__draw__title", "created_at"))}


@transaction.atomic
def erase_person(user: Any) -> None:
    """A prize that was not claimed goes back to stock; what was sent stays with its order."""
    for prize in Prize.objects.filter(person=user, order=None).select_related("win").order_by("pk"):
        stock.release(holder=prize_holder(prize.win.draw_id, prize.win.position))
    Prize.objects.filter(person=user).update(person=None)
