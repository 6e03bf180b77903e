"""A piece passes from hand to hand without being free in between: from an offer to an order, from one class to another,
from who gave it back to who waits for it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from kit.clock import now
from kit.locks import lock_rows
from stock.flows.errors import OutOfStock
from stock.models import Reservation, StockItem

Waiting = Callable[[str], None]
_waiting: dict[str, Waiting] = {}


def when_freed(kind: str, waiting: Waiting) -> None:
    """Register who waits for items of a kind (`cohort`), in `AppConfig.ready()`.

    `waiting(ref)` is called in the transaction in which pieces came free, under the item's lock, and may reserve them:
    nobody else ever sees them free.
    """
    _waiting[kind] = waiting


def pass_on(refs: Iterable[str]) -> None:
    """Pieces of these items, whose locks this transaction holds, may have come free: who waits for them is asked first."""
    for ref in sorted(set(refs)):
        waiting = _waiting.get(ref.partition(":")[0])
        if waiting is not None:
            waiting(ref)


@transaction.atomic
def hand_to(*, holder: str, to: str, ref: str, expires_at: datetime) -> bool:
    """What `holder` holds of an item is held for `to` instead, until `expires_at`. False where nothing is held."""
    StockItem.objects.select_for_update().get(ref=ref)
    rows = Reservation.objects.filter(holder=holder, item__ref=ref, state=Reservation.State.HELD)
    row = rows.first()
    if row is None:
        return False
    row.state, row.ended_at = Reservation.State.HANDED_OVER, now()
    row.save(update_fields=["state", "ended_at"])
    Reservation.objects.create(item=row.item, holder=to, quantity=row.quantity, expires_at=expires_at, created_at=now())
    return True


@transaction.atomic
def hand_part(*, holder: str, to: str, ref: str, quantity: int, expires_at: datetime) -> bool:
    """So many pieces of what `holder` holds of an item are held for `to` instead, beside what that holds already.

    False where `holder` holds fewer: then nothing changes.
    """
    item = StockItem.objects.select_for_update().get(ref=ref)
    held = {row.holder: row for row in item.reservations.filter(holder__in=[holder, to], state=Reservation.State.HELD)}
    source, target = held.get(holder), held.get(to)
    if source is None or source.quantity < quantity:
        return False
    if source.quantity == quantity:
        source.state, source.ended_at = Reservation.State.HANDED_OVER, now()
    else:
        source.quantity -= quantity
    source.save(update_fields=["quantity", "state", "ended_at"])
    target = target or Reservation(item=item, holder=to, quantity=0, expires_at=expires_at, created_at=now())
    target.quantity, target.expires_at = target.quantity + quantity, max(target.expires_at, expires_at)
    target.save()
    return True


@transaction.atomic
def exchange(*, holder: str, ref: str, to: str) -> None:
    """One piece that `holder` has taken of `ref` is given back, and one of `to` taken, at once or not at all.

    A holder that has taken none (a seat that staff gave) only takes the new one. Raises OutOfStock where `to` has none free.
    """
    from stock.flows.holding import close, note_level  # they pass pieces on

    ids = dict(StockItem.objects.filter(ref__in=[ref, to]).values_list("ref", "pk"))
    locked: dict[int, StockItem] = lock_rows(StockItem.objects.all(), ids.values())
    new = locked[ids[to]]
    if new.free < 1:
        raise OutOfStock(to, 1, new.free)
    taken = Reservation.objects.filter(item=ids[ref], holder=holder, state=Reservation.State.CONSUMED)
    if any(row.quantity > row.closed for row in taken):
        close(locked[ids[ref]], holder, 1)
        locked[ids[ref]].save(update_fields=["allocated"])
    new.allocated += 1
    note_level(new)
    new.save(update_fields=["allocated", "is_low"])
    moment = now()
    Reservation.objects.create(
        item=new,
        holder=holder,
        quantity=1,
        state=Reservation.State.CONSUMED,
        expires_at=moment,
        created_at=moment,
        ended_at=moment,
    )
    pass_on([ref])
