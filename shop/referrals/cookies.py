"""The visitor's token: a signed cookie with a random uuid, nothing else."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_SALT = "shop.referrals.visitor"
# No programme's window is longer; the decision itself looks at the click's age.
MAX_AGE = 365 * 86400


def visitor_of(request: HttpRequest) -> UUID | None:
    """The visitor's token, or None where there is no cookie or somebody wrote one by hand."""
    try:
        return UUID(signing.loads(request.COOKIES.get(settings.REFERRAL_COOKIE_NAME, ""), salt=_SALT, max_age=MAX_AGE))
    except (signing.BadSignature, ValueError):
        return None


def remember_visitor(response: HttpResponse, visitor: UUID) -> None:
    """Give the token to the browser."""
    value = signing.dumps(str(visitor), salt=_SALT)
    response.set_cookie(
        settings.REFERRAL_COOKIE_NAME,
        value,
        max_age=MAX_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
