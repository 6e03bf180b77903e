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


def asks_not_to_be_tracked(request: HttpRequest) -> bool:
    """Global Privacy Control or Do Not Track (docs/running.md, Clicks and privacy, says what follows)."""
    return request.headers.get("Sec-GPC", "").strip() == "1" or request.headers.get("DNT", "").strip() == "1"


def remember_visitor(response: HttpResponse, visitor: UUID, *, lasting: bool = True) -> None:
    """Give the token to the browser: for a year, or until it is closed."""
    value = signing.dumps(str(visitor), salt=_SALT)
    response.set_cookie(
        settings.REFERRAL_COOKIE_NAME,
        value,
        max_age=MAX_AGE if lasting else None,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
