"""Addresses of orders. A guest's carries a signature: the number alone opens nothing (SAFETY.md).

It opens the order for half a year, longer than any refund or return window.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from kit.clock import now
from shop.orders.models import Gift, Order

LASTS = timedelta(days=183)
_SIGNER = Signer(salt="shop.orders.link")


def key_of(order: Order) -> str:
    """The signature that opens this order without signing in. The same each time: Stripe's idempotency wants that."""
    return _SIGNER.signature(order.number)


def opens(key: str, order: Order) -> bool:
    """Whether the key was made for that order, and the order is not too old for it."""
    return now() < order.placed_at + LASTS and constant_time_compare(key, key_of(order))


def order_path(order: Order) -> str:
    """The order's page for whoever holds this link."""
    return f"{reverse('orders:order', args=[order.number])}?{urlencode({'key': key_of(order)})}"


def done_path(order: Order) -> str:
    """Where Stripe's page leads back to after paying; it fulfils nothing."""
    return f"{reverse('checkout:done', args=[order.number])}?{urlencode({'key': key_of(order)})}"


def cancel_path(order: Order) -> str:
    """Where Stripe's page leads back to without paying: the checkout, its basket intact."""
    return f"{reverse('checkout:checkout')}?{urlencode({'back': order.number})}"


def gift_path(gift: Gift) -> str:
    """Where the recipient takes the gift."""
    return reverse("checkout:redeem", args=[gift.code])


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
