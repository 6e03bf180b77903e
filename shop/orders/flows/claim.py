"""Orders of a guest become an account's once the e-mail address is proven."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from shop.orders.models import Order


@transaction.atomic
def claim_orders(*, user: Any) -> int:
    """Give the person the orders placed as a guest with an address that they have verified; how many."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return Order.objects.filter(user=None, email__in=[address.lower() for address in verified]).update(user=user)
