"""Clicks: stored before the redirect leaves, bound to the account at sign-up or sign-in, forgotten in time."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from kit.clock import local_date, now
from shop.referrals.models import Click, ClickClock, ClickSalt

# One statement finds the live link, makes the day's salt where it is missing and stores the click: the address must answer
# in three queries at most, of which a signed-in visitor's session and account take two. A hash without a salt (two made the
# first click of a day at once) is none. Of whoever asks not to be tracked there is no hash either.
_STORE = """
    WITH made AS (
        INSERT INTO referrals_clicksalt (day, secret)
        SELECT %(day)s, %(salt)s WHERE NOT EXISTS (SELECT FROM referrals_clicksalt WHERE day = %(day)s)
        ON CONFLICT DO NOTHING RETURNING secret
    ), salt AS (SELECT secret FROM made UNION ALL SELECT secret FROM referrals_clicksalt WHERE day = %(day)s LIMIT 1)
    INSERT INTO referrals_click (link_id, visitor, address_hash, at, user_id, is_signup)
    SELECT id, %(visitor)s, coalesce((
        SELECT substr(encode(sha256(convert_to(secret || %(address)s, 'UTF8')), 'hex'), 1, 32) FROM salt WHERE %(address)s <> ''
    ), ''), %(at)s, %(user)s, false FROM referrals_link WHERE code = %(code)s AND killed_at IS NULL
    RETURNING (SELECT target FROM referrals_link WHERE id = link_id)
"""
FRESH_ACCOUNT = timedelta(hours=1)


def record_click(*, code: str, visitor: UUID, address: str, user: Any) -> str | None:
    """Store a click and return the link's target path; None where no live link has this code. `address` '': not kept."""
    moment = now()
    values = {
        "day": local_date(moment, "UTC"),
        "salt": secrets.token_hex(32),
        "visitor": visitor,
        "address": address_hash(address, "click") if address else "",
        "at": moment,
        "user": user.pk if user.is_authenticated else None,
        "code": code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        row = cursor.fetchone()
    return row[0] if row else None


def address_hash(address: str, salt: str) -> str:
    """A keyed hash of a network address: tells bursts, not people. A click's is salted by the day once more, in the database."""
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
    Click.objects.filter(pk__in=latest).update(is_signup=True, bound_at=now())


@transaction.atomic
def forget_clicks() -> int:
    """Delete salts, then hashes, then clicks that are older than the settings keep them; how many clicks went.

    A click that a sign-up is bound by stays for as long as it may earn; one that is not in the roll-up yet stays, too.
    """
    moment = now()
    ClickSalt.objects.filter(day__lt=local_date(moment, "UTC") - timedelta(days=settings.CLICK_SALT_DAYS)).delete()
    old = Click.objects.filter(at__lt=moment - timedelta(days=settings.CLICK_HASH_DAYS))
    old.exclude(address_hash="").update(address_hash="")
    clock = ClickClock.objects.first()
    limit = min(moment - timedelta(days=settings.CLICK_DAYS), clock.through) if clock else None
    return Click.objects.filter(at__lt=limit, is_signup=False).delete()[0] if limit else 0
