"""Addresses of orders. A guest's carries a signature: the number alone opens nothing (SAFETY.md).

The signature lasts half a year, longer than any refund or return window.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse

from shop.orders.models import Order

LASTS = 183 * 86400
_SALT = "shop.orders.link"


def key_of(order: Order) -> str:
    """The signature that opens this order without signing in."""
    return signing.dumps(order.number, salt=_SALT)


def opens(key: str, number: str) -> bool:
    """Whether the key was made for that order, and not too long ago."""
    try:
        return bool(signing.loads(key, salt=_SALT, max_age=LASTS) == number)
    except signing.BadSignature:
        return False


def order_path(order: Order) -> str:
    """The order's page for whoever holds this link."""
    return f"{reverse('orders:order', args=[order.number])}?{urlencode({'key': key_of(order)})}"


def done_path(order: Order) -> str:
    """Where Stripe's page leads back to after paying; it fulfils nothing."""
    return f"{reverse('checkout:done', args=[order.number])}?{urlencode({'key': key_of(order)})}"


def cancel_path(order: Order) -> str:
    """Where Stripe's page leads back to without paying: the checkout, its basket intact."""
    return f"{reverse('checkout:checkout')}?{urlencode({'back': order.number})}"


def absolute(path: str) -> str:
    return settings.SITE_URL.rstrip("/") + path
