"""The address in a mail that ends mails of its kind without signing in (RFC 2369, RFC 8058)."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from kit.paths import without_language
from notices.groups import BY_NAME, DIGEST

SALT = "notices.stop"


def stop_url(user: Any, about: str) -> str:
    """For this person and group (or "digest") alone; it does not grow old."""
    token = signing.Signer(salt=SALT).sign(f"{user.pk}.{about}")
    return settings.SITE_URL + without_language(reverse("notices:stop", args=[token]))


def read_token(token: str) -> tuple[int, str] | None:
    """(person's id, group or "digest") of an address of ours; None for what we did not sign."""
    try:
        ident, _dot, about = signing.Signer(salt=SALT).unsign(token).partition(".")
        known = about == DIGEST or not BY_NAME[about].is_fixed
        return (int(ident), about) if known else None
    except (signing.BadSignature, ValueError, KeyError):
        return None


def headers_for(url: str) -> dict[str, str]:
    """What a mail program needs for its own "unsubscribe"."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}
