"""Orders beside a conversation: the thing `order`, for its buyer, its sellers and the owner; whom its buyer asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import oversees
from community import contacts
from kit import things
from shop.orders.models import Order, OrderLine


def register_all() -> None:
    things.register("order", order_cards)
    contacts.register_answerer("order", seller_of)


def order_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """To its buyer with the way to it; to who sold something in it (and the owner) what it holds. To nobody else."""
    user, numbers = request.user, [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    if not user.is_authenticated:
        return {}
    rows = Order.objects.filter(pk__in=numbers).exclude(state=Order.State.DRAFT)
    if not oversees(user):
        sold = OrderLine.objects.filter(offer__seller=user).values("order")
        rows = rows.filter(Q(user=user) | Q(pk__in=sold))
    return {str(order.pk): _card(order, user) for order in rows.prefetch_related("lines__offer")}


def _card(order: Order, user: Any) -> things.Card:
    own = order.user_id == user.pk
    lines = [line for line in order.lines.all() if own or oversees(user) or line.offer.seller_id == user.pk]
    summary = " · ".join([*(line.title for line in lines), str(order.get_state_display())])
    if own:
        url = reverse("orders:order", args=[order.number])
    elif oversees(user):
        url = reverse("shop_order", args=[order.number])
    else:
        url = reverse("catalogue:offer", args=[lines[0].offer.slug])
    return things.Card(_("Order %(number)s") % {"number": order.number}, url, summary)


def seller_of(ident: str, user: Any) -> int | None:
    """The seller of its first line, to its buyer alone."""
    if not ident.isdecimal() or len(ident) > 18 or not user.is_authenticated:
        return None
    lines = OrderLine.objects.filter(order=ident, order__user=user.pk).order_by("pk")
    return lines.values_list("offer__seller", flat=True).first()
