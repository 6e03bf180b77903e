"""What an order was promised about money back, as it was frozen when it was placed."""

from collections.abc import Iterable, Mapping
from typing import Any

from shop.catalogue.policies import Policy, policy_from
from shop.catalogue.policy_words import Promise, grouped
from shop.orders.models import Order, OrderLine


def policy_of(order: Order, offer_id: int) -> Policy:
    """Of one of the order's offers."""
    kept: Mapping[str, Any] = order.terms.get("offers", {}).get(str(offer_id), {})
    windows = {name: kept.get(name, order.terms.get(name, 0)) for name in ("refund_days", "return_days")}
    return policy_from(kept.get("policy", {}), **windows)


def promises_of(order: Order, lines: Iterable[OrderLine]) -> list[Promise]:
    """Line by line. The lines' components must be at hand."""
    kinds = [(line, {part.kind for part in line.components.all()}) for line in lines]
    return grouped((line.title, policy_of(order, line.offer_id), found) for line, found in kinds)


def has_consented(order: Order) -> bool:
    """The buyer ticked that opening a lesson ends the time to change one's mind."""
    return "consent" in order.terms
