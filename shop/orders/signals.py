"""Signing in is allauth's doing; its signal is the one place where a basket can follow its owner. It calls flows only."""

from typing import Any

from django.http import HttpRequest

from shop.orders.cookies import basket_token
from shop.orders.flows import claim_basket, claim_orders


def claim_on_login(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """What a guest gathered and ordered becomes the account's."""
    if request is None:
        return
    token = basket_token(request)
    if token is not None:
        claim_basket(user=user, token=token)
    claim_orders(user=user)
