"""Wares as they stand for one person: a full class has a seat for whom the wait-list keeps one."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from community.reads.events import event_seats_offered_to
from courses.reads.wait_list import seats_offered_to
from shop.catalogue.reads import Ware, demand_of
from stock.reads import free_pieces


def as_kept_for(user_id: int | None, listed: Sequence[Ware]) -> list[Ware]:
    """The same wares; what is sold out but kept for this person can be had once. Three queries at most, none where nothing is."""
    if user_id is None or not any(ware.state == "sold_out" and ware.one_each for ware in listed):
        return list(listed)
    kept = seats_offered_to(user_id)
    if any(ware.tickets for ware in listed):
        kept |= event_seats_offered_to(user_id)
    refs = {part.stock_ref for ware in listed for part in ware.parts}
    free = free_pieces(refs) if kept else {}
    return [_live(ware) if kept and _can_be_had(ware, kept, free) else ware for ware in listed]


def _can_be_had(ware: Ware, kept: dict[str, Any], free: dict[str, int]) -> bool:
    if ware.state != "sold_out" or not ware.one_each:
        return False
    wanted = demand_of((part, 1) for part in ware.parts)
    return all(free.get(ref, 0) + (ref in kept) >= pieces for ref, pieces in wanted.items())


def _live(ware: Ware) -> Ware:
    return replace(ware, state="live", free=1, free_seats=1 if ware.seats else None)
