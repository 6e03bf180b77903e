"""An order that is a gift: its code is made with it, and lives as long as it is paid."""

import secrets

from shop.orders.gifts import GiftData
from shop.orders.models import Gift, Order


def create_gift(*, order: Order, data: GiftData) -> Gift:
    """The gift of an order, with a code that nobody can guess."""
    return Gift.objects.create(
        order=order,
        code=secrets.token_urlsafe(18),
        name=data.name,
        email=data.email.lower(),
        message=data.message,
        deliver_on=data.deliver_on,
    )
