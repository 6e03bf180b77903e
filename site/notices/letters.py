"""Letters that are not about what a person bought or does here: only with consent, which one press ends (RFC 8058)."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from kit import audit
from kit.clock import now
from kit.paths import without_language
from notices.models import LetterConsent

# The gate of such notices: it closes with the consent, also for what is queued already.
GATE = "letters"
SALT = "notices.letters"


def set_consent(*, user: Any, wanted: bool) -> None:
    """Give consent or end it; again: nothing."""
    if wanted:
        _row, changed = LetterConsent.objects.get_or_create(user=user, defaults={"given_at": now()})
    else:
        changed = bool(LetterConsent.objects.filter(user=user).delete()[0])
    if changed:
        audit.record(actor=user, action="letters.consent", target=f"user:{user.pk}", after={"wanted": wanted})


def has_consent(user: Any) -> bool:
    """One query."""
    return LetterConsent.objects.filter(user=user.pk).exists()


def stop_url(user: Any) -> str:
    """The address that ends the consent without signing in; it does not grow old."""
    token = signing.Signer(salt=SALT).sign(str(user.pk))
    return settings.SITE_URL + without_language(reverse("notices:stop_letters", args=[token]))


def person_of(token: str) -> int | None:
    """Whose address this is, by id; None for what we did not sign."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None
