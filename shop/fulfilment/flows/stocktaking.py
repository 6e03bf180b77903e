"""The shelf changes by hand: goods are ordered, arrive, are counted, moved or written off.

Each leaves one line in the audit trail, from how many to how many are in the house and on their way.
"""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kit import audit
from shop.catalogue.models import Sku
from stock import flows as stock
from stock.models import Place, StockItem


@dataclass(frozen=True)
class Hand:
    """Who changes the shelf, and why, in words."""

    actor: Any
    reason: str = ""

    @property
    def cause(self) -> stock.Cause:
        return stock.Cause(reason=self.reason, actor=self.actor)


@transaction.atomic
def receive_goods(*, sku: Sku, pieces: int, place: Place | None = None, by: Hand) -> StockItem:
    """Pieces came in, onto the main shelf unless told otherwise."""
    item = stock.take_in(ref=sku.stock_ref, quantity=pieces, place=place, cause=by.cause)
    _record("received", item, item.on_hand - pieces, by)
    return item


@transaction.atomic
def expect_goods(*, sku: Sku, pieces: int, day: date, by: Hand) -> StockItem:
    """Pieces are on their way and come about `day`: buyers may order them ahead, packers find them when they are moved."""
    place = stock.ensure_place(code=f"expected-{day}", expected_on=day)
    item = stock.take_in(ref=sku.stock_ref, quantity=pieces, place=place, cause=by.cause)
    _record("expected", item, item.on_hand - pieces, by)
    return item


@transaction.atomic
def count_goods(*, sku: Sku, place: Place | None = None, pieces: int, by: Hand) -> StockItem:
    """Somebody counted `pieces` at a place. Raises stock.flows.OutOfStock where fewer remain than are promised."""
    before = _on_hand(sku)
    item = stock.count_at(ref=sku.stock_ref, place=place or stock.ensure_place(), pieces=pieces, cause=by.cause)
    _record("counted", item, before, by)
    return item


@transaction.atomic
def write_off_goods(*, sku: Sku, place: Place | None = None, pieces: int, by: Hand) -> StockItem:
    """Pieces are broken or lost. Raises stock.flows.NotThere, and OutOfStock where they are promised to buyers."""
    item = stock.write_off(ref=sku.stock_ref, quantity=pieces, place=place, cause=by.cause)
    _record("written_off", item, item.on_hand + pieces, by)
    return item


@transaction.atomic
def move_goods(*, sku: Sku, origin: Place, to: Place, pieces: int, by: Hand) -> StockItem:
    """Pieces change place, or a delivery that was expected is here. Raises stock.flows.NotThere."""
    item = stock.move(ref=sku.stock_ref, origin=origin, to=to, quantity=pieces, cause=by.cause)
    before, after = {"place": origin.code, "pieces": pieces}, {"place": to.code, "pieces": pieces}
    audit.record(actor=by.actor, action="stock.moved", target=sku.stock_ref, before=before, after=after, reason=by.reason)
    return item


@transaction.atomic
def set_low_at(*, sku: Sku, low_at: int | None, by: Hand) -> StockItem:
    """Owner and seller are told when this many pieces or fewer are not sold; None: never."""
    before = StockItem.objects.filter(ref=sku.stock_ref).values_list("low_at", flat=True).first()
    item = stock.set_threshold(ref=sku.stock_ref, low_at=low_at)
    if before != low_at:
        audit.record(actor=by.actor, action="stock.low_at", target=sku.stock_ref, before=before, after=low_at)
    return item


@transaction.atomic
def add_shelf(*, name: str, by: Hand) -> Place:
    """A place of that name, behind the others."""
    place = stock.ensure_place(code=f"shelf-{secrets.token_hex(4)}", name=name)
    audit.record(actor=by.actor, action="stock.shelf", target=f"place:{place.pk}", after=name)
    return place


def _on_hand(sku: Sku) -> int:
    rows = StockItem.objects.select_for_update().filter(ref=sku.stock_ref)
    return rows.values_list("on_hand", flat=True).first() or 0


def _record(what: str, item: StockItem, before: int, by: Hand) -> None:
    audit.record(actor=by.actor, action=f"stock.{what}", target=item.ref, before=before, after=item.on_hand, reason=by.reason)
