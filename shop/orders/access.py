"""A person's own baskets and orders; what is missing and what is another's answer alike (404)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from kit.prepared import Given, prepared
from shop.orders import links
from shop.orders.models import Basket, Order


def basket_of(user: Any, token: UUID | None) -> Basket | None:
    """The account's basket; for a guest the one behind the token, if no account owns it."""
    if user.is_authenticated:
        return next(iter(_basket_of(user=user.pk)), None)
    return Basket.objects.filter(token=token, user=None).first() if token else None


@prepared
def _basket_of() -> QuerySet[Basket]:
    return Basket.objects.filter(user=Given("user"))


def order_for(user: Any, number: str, key: str = "") -> Order:
    """The buyer's order, or the one that the signed link names. Raises Http404."""
    order = Order.objects.filter(number=number).select_related("delivery", "gift").first()
    if order is None:
        raise Http404
    own = user.is_authenticated and order.user_id == user.pk
    if not own and not links.opens(key, order):
        raise Http404
    return order
