"""Writes of baskets and orders; money and stock are decided above, in shop.checkout.flows."""

from shop.orders.flows.basket import (
    CannotAdd,
    add_to_basket,
    claim_basket,
    clear_ordered,
    open_basket,
    set_quantity,
)
from shop.orders.flows.claim import claim_orders
from shop.orders.flows.create import create_order
from shop.orders.flows.lower import lower_order

__all__ = [
    "CannotAdd",
    "add_to_basket",
    "claim_basket",
    "claim_orders",
    "clear_ordered",
    "create_order",
    "lower_order",
    "open_basket",
    "set_quantity",
]
