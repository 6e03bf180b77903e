"""What happens to stock: holding it for somebody, and keeping it on shelves."""

from stock.flows.holding import OutOfStock, consume, ensure_item, extend, give_back, lock_items, release, reserve
from stock.flows.shelving import (
    Cause,
    NotThere,
    count_at,
    ensure_place,
    hand_out,
    move,
    set_on_hand,
    set_threshold,
    take_in,
    write_off,
)

__all__ = [
    "Cause",
    "NotThere",
    "OutOfStock",
    "consume",
    "count_at",
    "ensure_item",
    "ensure_place",
    "extend",
    "give_back",
    "hand_out",
    "lock_items",
    "move",
    "release",
    "reserve",
    "set_on_hand",
    "set_threshold",
    "take_in",
    "write_off",
]
