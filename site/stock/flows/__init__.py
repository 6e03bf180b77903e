"""What happens to stock: holding it for somebody, and keeping it on shelves."""

from stock.flows.errors import OutOfStock
from stock.flows.holding import consume, ensure_item, extend, give_back, lock_items, release, reserve
from stock.flows.passing import exchange, hand_part, hand_to, when_freed
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
    "exchange",
    "extend",
    "give_back",
    "hand_out",
    "hand_part",
    "hand_to",
    "lock_items",
    "move",
    "release",
    "reserve",
    "set_on_hand",
    "set_threshold",
    "take_in",
    "when_freed",
    "write_off",
]
