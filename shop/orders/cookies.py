"""The basket's cookie: `token:count:owner`, signed. The count spares every page a query; the token opens a guest's basket.

Signed so that nobody tries tokens, HttpOnly and Lax. `owner` is the account whose basket was counted (0: a guest's),
so that the count disappears when somebody else signs in on the same machine.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

from shop.orders.models import Basket

LASTS = 90 * 86400


@dataclass(frozen=True)
class BasketCookie:
    token: UUID
    count: int
    owner: int


def cookie_name() -> str:
    """With the prefix that binds a cookie to this host wherever cookies are secure."""
    return "__Host-basket" if settings.SESSION_COOKIE_SECURE else "basket"


def _signer() -> Signer:
    return Signer(salt="shop.orders.basket")


def read_cookie(request: HttpRequest) -> BasketCookie | None:
    """What the cookie says, or None where there is none or somebody wrote it themselves."""
    try:
        token, count, owner = _signer().unsign(request.COOKIES.get(cookie_name(), "")).split(":")
        return BasketCookie(UUID(token), int(count), int(owner))
    except (BadSignature, ValueError):
        return None


def basket_token(request: HttpRequest) -> UUID | None:
    found = read_cookie(request)
    return found.token if found else None


def basket_count(request: HttpRequest) -> int:
    """Pieces in the basket as last counted, for the header; asks the database nothing."""
    found = read_cookie(request)
    if found is None:
        return 0
    owner = request.user.pk if request.user.is_authenticated else 0
    return found.count if found.owner in {owner, 0} else 0


def write_cookie(response: HttpResponse, basket: Basket, count: int) -> None:
    value = _signer().sign(f"{basket.token}:{count}:{basket.user_id or 0}")
    response.set_cookie(cookie_name(), value, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
