"""Clicks: stored before the redirect leaves, bound to the account at sign-up or sign-in."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from kit.clock import now
from shop.referrals.models import Click

# One statement finds the live link and stores the click: the address must answer in three queries at most,
# of which a signed-in visitor's session and account take two.
_STORE = """
    INSERT INTO referrals_click (link_id, visitor, address_hash, at, user_id, is_signup)
    SELECT id, %s, %s, %s, %s, false FROM referrals_link WHERE code = %s AND killed_at IS NULL
    RETURNING (SELECT target FROM referrals_link WHERE id = link_id)
"""
FRESH_ACCOUNT = timedelta(hours=1)


def record_click(*, code: str, visitor: UUID, address: str, user: Any) -> str | None:
    """Store a click and return the link's target path; None where no live link has this code."""
    moment = now()
    user_id = user.pk if user.is_authenticated else None
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [visitor, address_hash(address, f"{moment:%Y-%m}"), moment, user_id, code])
        row = cursor.fetchone()
    return row[0] if row else None


def address_hash(address: str, salt: str) -> str:
    """A keyed hash of a network address, salted by month: tells bursts, not people."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{salt}|{address}".encode(), hashlib.sha256).hexdigest()[:32]


@transaction.atomic
def bind_visitor(*, user: Any, visitor: UUID) -> None:
    """Tie the visitor's clicks to the account. For a new account the latest one becomes its binding, once."""
    clicks = Click.objects.filter(visitor=visitor, user=None)
    if not clicks.update(user=user) or now() - user.joined_at > FRESH_ACCOUNT:
        return
    if Click.objects.filter(user=user, is_signup=True).exists():
        return
    latest = Click.objects.filter(user=user).order_by("-at", "-pk").values("pk")[:1]
    Click.objects.filter(pk__in=latest).update(is_signup=True)
