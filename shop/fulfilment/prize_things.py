"""Goods and prizes as the community meets them: what a draw may promise, and what an unboxing post shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.urls import reverse

from accounts.roles import OWNER, has_role
from community.draw_access import state_of
from kit.things import Card
from shop.catalogue.cards import read_offers
from shop.catalogue.models import Component, Offer, Sku
from shop.fulfilment.models import Prize
from stock.reads import free_pieces

MOST = 200


def sku_choices(request: Any) -> Mapping[str, Card]:
    """By id: the goods that this person may promise as prizes: their own, all of them for the owner. Two queries."""
    rows = Sku.objects.order_by("name", "pk")
    if not has_role(request.user, OWNER):
        rows = rows.filter(seller=request.user)
    return _cards(list(rows[:MOST]))


def read_skus(ids: Sequence[str], request: Any) -> Mapping[str, Card]:
    """Cards of goods for who may promise them."""
    own = sku_choices(request)
    return {ident: own[ident] for ident in ids if ident in own}


def _cards(skus: Sequence[Sku]) -> dict[str, Card]:
    free = free_pieces([sku.stock_ref for sku in skus])
    return {str(sku.pk): Card(f"{sku.name} ({free.get(sku.stock_ref, 0)})", "", data={"ref": sku.stock_ref}) for sku in skus}


def read_prizes(ids: Sequence[str], request: Any) -> Mapping[str, Card]:
    """What was won, for a topic that shows it: with the offer that sells the same where the space allows offers.

    Drawn prizes only; whose it was is not said. Six queries for any number.
    """
    wanted = [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    prizes = Prize.objects.filter(pk__in=wanted).select_related("win__draw__space", "sku")
    drawn = [prize for prize in prizes if state_of(prize.win.draw) == "drawn"]
    offers = _offers([prize.sku_id for prize in drawn if prize.sku_id and prize.win.draw.space.offers_allowed])
    cards = read_offers([str(pk) for pk in offers.values()], request) if offers else {}
    return {str(prize.pk): cards.get(str(offers.get(prize.sku_id or 0, ""))) or _plain(prize) for prize in drawn}


def _offers(skus: Sequence[int]) -> dict[int, int]:
    """Sku id → the live offer that sells it: rather the thing alone than with a course, the oldest of several."""
    rows = Component.objects.filter(sku__in=skus, bundle__is_current=True, bundle__offer__state=Offer.State.LIVE)
    found: dict[int, int] = {}
    for sku, offer in rows.order_by(F("bundle__offer__course").asc(nulls_last=True), "-bundle__offer").values_list(
        "sku", "bundle__offer"
    ):
        found[sku] = offer
    return found


def _plain(prize: Prize) -> Card:
    return Card(prize.win.prize, reverse("community:draw_record", args=[prize.win.draw_id]), prize.win.draw.title)
