"""Reserving, consuming, releasing. Every flow locks the items in primary-key order and re-checks under the lock.

Counters and reservations move together, so that I5 (counters equal the sums) holds at every commit:
reserved = Σ quantity of held, allocated = Σ (quantity − closed) of consumed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from kit import outbox
from kit.clock import now
from kit.locks import lock_rows
from stock.flows.errors import OutOfStock
from stock.flows.passing import pass_on
from stock.models import Reservation, StockItem


def ensure_item(*, ref: str, on_hand: int = 0) -> StockItem:
    """The item of that name, made with `on_hand` pieces where it is new."""
    return StockItem.objects.get_or_create(ref=ref, defaults={"on_hand": on_hand})[0]


@transaction.atomic
def reserve(*, demand: Mapping[str, int], holder: str, expires_at: datetime) -> list[Reservation]:
    """Hold pieces of several items, all or nothing. `demand` maps ref → pieces, already summed over the basket.

    Raises OutOfStock naming the first item that falls short; an unknown ref has nothing free.
    """
    wanted = {ref: quantity for ref, quantity in demand.items() if quantity}
    known = dict(StockItem.objects.filter(ref__in=wanted).values_list("ref", "pk"))
    for ref, quantity in wanted.items():
        if ref not in known:
            raise OutOfStock(ref, quantity, 0)
    locked: dict[int, StockItem] = lock_rows(StockItem.objects.all(), known.values())
    items = {item.ref: item for item in locked.values()}
    for ref, quantity in wanted.items():
        if items[ref].free < quantity:
            raise OutOfStock(ref, quantity, items[ref].free)
    moment = now()
    for ref, quantity in wanted.items():
        items[ref].reserved += quantity
        items[ref].save(update_fields=["reserved"])
    return Reservation.objects.bulk_create(
        Reservation(item=items[ref], holder=holder, quantity=quantity, expires_at=expires_at, created_at=moment)
        for ref, quantity in wanted.items()
    )


def lock_items(*, refs: Iterable[str]) -> None:
    """Lock these items, in primary-key order, before changing several of them one by one in the same transaction."""
    ids = StockItem.objects.filter(ref__in=set(refs)).values_list("pk", flat=True)
    lock_rows(StockItem.objects.all(), ids)


@transaction.atomic
def extend(*, holder: str, expires_at: datetime) -> None:
    """Let a holder's live reservations last until `expires_at`; never shortens them."""
    Reservation.objects.filter(holder=holder, state=Reservation.State.HELD, expires_at__lt=expires_at).update(
        expires_at=expires_at
    )


@transaction.atomic
def consume(*, holder: str) -> list[Reservation]:
    """Turn what is held into what is taken; what left `held` before stays as it is. Returns what was consumed now."""
    return _end(holder, Reservation.State.CONSUMED)


@transaction.atomic
def release(*, holder: str) -> list[Reservation]:
    """Give back what is still held. Returns what was released now; a repeat releases nothing."""
    return _end(holder, Reservation.State.RELEASED)


@transaction.atomic
def give_back(*, holder: str, ref: str, quantity: int) -> None:
    """Return consumed pieces (a seat freed by a refund, a kit never shipped). Raises ValueError beyond what was taken."""
    item = StockItem.objects.select_for_update().get(ref=ref)
    close(item, holder, quantity)
    note_level(item)
    item.save(update_fields=["allocated", "is_low"])
    pass_on([ref])


def close(item: StockItem, holder: str, quantity: int) -> None:
    """Consumed pieces of a locked item no longer count as allocated; the caller saves it. Raises ValueError beyond those."""
    left = quantity
    for row in Reservation.objects.filter(item=item, holder=holder, state=Reservation.State.CONSUMED).order_by("pk"):
        part = min(left, row.quantity - row.closed)
        row.closed += part
        row.save(update_fields=["closed"])
        left -= part
    if left:
        raise ValueError(f"{holder} never took {quantity} of {item.ref}")
    item.allocated -= quantity


def note_level(item: StockItem) -> None:
    """Say once that a locked item fell to its threshold, and be ready to say it again when it rose above; the caller saves.

    What counts is what is not sold: holds come and go. Writes `stock.low` for the rooms above.
    """
    low = item.low_at is not None and item.on_hand - item.allocated <= item.low_at
    if low and not item.is_low:
        at = now().isoformat()
        payload = {"ref": item.ref, "left": item.on_hand - item.allocated, "at": at}
        outbox.write(topic="stock.low", key=f"{item.ref}:{at}", payload=payload)
    item.is_low = low


def _end(holder: str, state: str) -> list[Reservation]:
    held = Reservation.objects.filter(holder=holder, state=Reservation.State.HELD)
    items: dict[int, StockItem] = lock_rows(StockItem.objects.all(), held.values_list("item_id", flat=True))
    ended = list(held.filter(item_id__in=items).order_by("pk"))
    for row in ended:
        item = items[row.item_id]
        item.reserved -= row.quantity
        if state == Reservation.State.CONSUMED:
            item.allocated += row.quantity
            note_level(item)
        item.save(update_fields=["reserved", "allocated", "is_low"])
        row.state, row.ended_at = state, now()
        row.save(update_fields=["state", "ended_at"])
    if state == Reservation.State.RELEASED:
        pass_on(item.ref for item in items.values())
    return ended
