"""Writes of baskets and orders; money and stock are decided above, in shop.checkout.flows."""

from shop.orders.flows.basket import (
    CannotAdd,
    add_personal,
    add_to_basket,
    choose_currency,
    claim_basket,
    clear_ordered,
    open_basket,
    return_to_basket,
    set_quantity,
    take_from_basket,
)
from shop.orders.flows.claim import claim_orders
from shop.orders.flows.coupons import give_back_coupon, take_coupon, take_coupon_again
from shop.orders.flows.create import create_order
from shop.orders.flows.gift import create_gift
from shop.orders.flows.lower import lower_order

__all__ = [
    "CannotAdd",
    "add_personal",
    "add_to_basket",
    "choose_currency",
    "claim_basket",
    "claim_orders",
    "clear_ordered",
    "create_gift",
    "create_order",
    "give_back_coupon",
    "lower_order",
    "open_basket",
    "return_to_basket",
    "set_quantity",
    "take_coupon",
    "take_coupon_again",
    "take_from_basket",
]
