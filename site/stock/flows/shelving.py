"""Goods come, go, are counted, change place. Under the item's lock, the places' sum and `on_hand` move together.

Each change of a good is a Movement: who, when, why, and how many were left.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kit.clock import now
from stock.flows.errors import OutOfStock
from stock.flows.holding import close, ensure_item, note_level
from stock.flows.passing import pass_on
from stock.models import Movement, Place, Placed, StockItem
from stock.picks import picks

RECEIVED, COUNTED = str(Movement.Kind.RECEIVED), str(Movement.Kind.COUNTED)
MOVED, SENT = str(Movement.Kind.MOVED), str(Movement.Kind.SENT)
RETURNED, WRITTEN_OFF = str(Movement.Kind.RETURNED), str(Movement.Kind.WRITTEN_OFF)


@dataclass(frozen=True)
class Cause:
    """Why pieces move: `reason` in words, `source` a parcel's number or `return:5`, `actor` a user or None."""

    reason: str = ""
    source: str = ""
    actor: Any = None


NO_CAUSE = Cause()


class NotThere(Exception):
    """Fewer pieces lie at that place; `there` says how many."""

    def __init__(self, there: int) -> None:
        super().__init__(f"only {there} are there")
        self.there = there


def ensure_place(*, code: str = Place.MAIN, name: str = "", expected_on: date | None = None) -> Place:
    """The place of that code, made behind the others where it is new."""
    known = Place.objects.filter(code=code).first()
    values = {"name": name, "position": Place.objects.count(), "expected_on": expected_on}
    return known or Place.objects.get_or_create(code=code, defaults=values)[0]


@transaction.atomic
def set_on_hand(*, ref: str, on_hand: int, cause: Cause = NO_CAUSE) -> StockItem:
    """Count all pieces. What is more lies on the main shelf, what is less left the places in order.

    Raises OutOfStock where fewer would remain than are promised already.
    """
    item = _locked(ref)
    _change(item, on_hand - item.on_hand, None, COUNTED, cause)
    pass_on([ref])
    item.refresh_from_db()
    return item


@transaction.atomic
def count_at(*, ref: str, place: Place, pieces: int, cause: Cause) -> StockItem:
    """Somebody counted `pieces` at one place. Raises OutOfStock where fewer would remain in all than are promised."""
    item = _locked(ref)
    there = Placed.objects.filter(item=item, place=place).values_list("pieces", flat=True).first() or 0
    _change(item, pieces - there, place, COUNTED, cause)
    return item


@transaction.atomic
def take_in(*, ref: str, quantity: int, place: Place | None = None, kind: str = RECEIVED, cause: Cause = NO_CAUSE) -> StockItem:
    """Pieces come into the house: a delivery, or goods that came back (`kind`)."""
    if quantity < 1:
        raise ValueError("nothing to take in")
    item = _locked(ref)
    _change(item, quantity, place or ensure_place(), kind, cause)
    return item


@transaction.atomic
def write_off(*, ref: str, quantity: int, place: Place | None = None, cause: Cause) -> StockItem:
    """Pieces are broken or lost. Raises NotThere, and OutOfStock where they are promised to buyers."""
    if quantity < 1:
        raise ValueError("nothing to write off")
    item = _locked(ref)
    _change(item, -quantity, place or ensure_place(), WRITTEN_OFF, cause)
    return item


@transaction.atomic
def hand_out(*, holder: str, ref: str, quantity: int, cause: Cause = NO_CAUSE) -> None:
    """Take pieces for good: they leave the house (a parcel sent), so on_hand and allocated fall together."""
    item = StockItem.objects.select_for_update().get(ref=ref)
    close(item, holder, quantity)
    item.on_hand -= quantity
    item.save(update_fields=["on_hand", "allocated"])
    _take(item, quantity, None, SENT, cause)


@transaction.atomic
def move(*, ref: str, origin: Place, to: Place, quantity: int, cause: Cause) -> StockItem:
    """Pieces change place; how many there are does not. Raises NotThere."""
    if quantity < 1 or origin == to:
        raise ValueError("nothing to move")
    item = _locked(ref)
    _take(item, quantity, origin, MOVED, cause)
    _put(item, quantity, to, MOVED, cause)
    return item


@transaction.atomic
def set_threshold(*, ref: str, low_at: int | None) -> StockItem:
    """From how many pieces on somebody is told that it runs low; None: never. Where it is low already they are told now."""
    item = _locked(ref)
    item.low_at, item.is_low = low_at, False
    note_level(item)
    item.save(update_fields=["low_at", "is_low"])
    return item


def _locked(ref: str) -> StockItem:
    ensure_item(ref=ref)
    return StockItem.objects.select_for_update().get(ref=ref)


def _change(item: StockItem, change: int, place: Place | None, kind: str, cause: Cause) -> None:
    """More or fewer pieces of a locked item, never fewer than are promised."""
    promised = item.allocated + item.reserved
    if item.on_hand + change < promised:
        raise OutOfStock(item.ref, promised, item.on_hand + change)
    item.on_hand += change
    note_level(item)
    item.save(update_fields=["on_hand", "is_low"])
    if change > 0:
        _put(item, change, place or ensure_place(), kind, cause)
    elif change < 0:
        _take(item, -change, place, kind, cause)


def _put(item: StockItem, quantity: int, place: Place, kind: str, cause: Cause) -> None:
    if item.is_goods:
        row, _created = Placed.objects.get_or_create(item=item, place=place)
        _write(row, item, quantity, kind, cause)


def _take(item: StockItem, quantity: int, place: Place | None, kind: str, cause: Cause) -> None:
    """From `place`, or from wherever packers take them: in the house, unless all pieces are counted. Raises NotThere."""
    if not item.is_goods:
        return
    rows = Placed.objects.filter(item=item, pieces__gt=0).select_related("place").order_by("place__position", "place")
    if place is not None:
        rows = rows.filter(place=place)
    elif kind != COUNTED:
        rows = rows.filter(place__expected_on=None)
    chosen = list(rows)
    if (there := sum(row.pieces for row in chosen)) < quantity:
        raise NotThere(there)
    for row, part in picks(chosen, quantity):
        _write(row, item, -part, kind, cause)


def _write(row: Placed, item: StockItem, change: int, kind: str, cause: Cause) -> None:
    row.pieces += change
    row.save(update_fields=["pieces"])
    Movement.objects.create(
        item=item,
        place=row.place,
        kind=kind,
        change=change,
        on_hand=item.on_hand,
        reason=cause.reason[:300],
        source=cause.source,
        actor_id=getattr(cause.actor, "pk", None),
        at=now(),
    )
