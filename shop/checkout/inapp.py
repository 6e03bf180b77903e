"""The way out of chat apps' own browsers, where payment and social sign-in often fail (accounts.webviews tells them).

The token that carries basket and referral into the phone's own browser lives ten minutes and holds two random
identifiers, no names. Whoever gets it within that time gets a basket, no order and no account.
"""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from shop.orders.cookies import basket_token
from shop.referrals.cookies import visitor_of

LASTS = 600
_SALT = "shop.checkout.jump"


@dataclass(frozen=True)
class Jump:
    """What a token carries: the guest's basket and the referral visitor, where there are such."""

    basket: UUID | None
    visitor: UUID | None


def jump_path(request: HttpRequest) -> str:
    """The address to open in another browser. LINE itself opens it outside when asked to by this parameter
    (https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/, "Opening a URL in an external browser")."""
    basket, visitor = basket_token(request), visitor_of(request)
    token = signing.dumps([str(basket or ""), str(visitor or "")], salt=_SALT, compress=True)
    path = reverse("checkout:jump", args=[token])
    return f"{path}?{urlencode({'openExternalBrowser': 1})}"


def read_jump(token: str) -> Jump | None:
    """What the token carries, or None where it is forged or older than ten minutes."""
    try:
        basket, visitor = signing.loads(token, salt=_SALT, max_age=LASTS)
        return Jump(UUID(basket) if basket else None, UUID(visitor) if visitor else None)
    except (signing.BadSignature, ValueError):
        return None
