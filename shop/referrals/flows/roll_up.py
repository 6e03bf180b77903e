"""Clicks and sign-ups counted by link and day, hour by closed hour, so that a page need not count a million of them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from kit.clock import now
from shop.referrals.models import Click, ClickClock

# A click is stored in a moment; one whose transaction began in the last hour and is still open is nearly a minute late.
SLACK = timedelta(minutes=1)
_ADD = """
    INSERT INTO referrals_clickday (link_id, day, clicks, sign_ups)
    SELECT link_id, day, sum(clicks), sum(sign_ups) FROM (
        SELECT link_id, (at AT TIME ZONE %(zone)s)::date AS day, 1 AS clicks, 0 AS sign_ups
        FROM referrals_click WHERE at >= %(since)s AND at < %(until)s
        UNION ALL
        SELECT link_id, (bound_at AT TIME ZONE %(zone)s)::date, 0, 1
        FROM referrals_click WHERE is_signup AND bound_at >= %(since)s AND bound_at < %(until)s
    ) AS seen GROUP BY link_id, day
    ON CONFLICT (link_id, day) DO UPDATE
    SET clicks = referrals_clickday.clicks + excluded.clicks, sign_ups = referrals_clickday.sign_ups + excluded.sign_ups
"""


@transaction.atomic
def roll_up_clicks() -> datetime | None:
    """Count what came between the clock and the last closed hour, once. Returns the clock; None where nobody ever clicked."""
    until = (now() - SLACK).replace(minute=0, second=0, microsecond=0)
    clock = ClickClock.objects.select_for_update(of=("self",)).first() or _start()
    if clock is None:
        return None
    if until > clock.through:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, {"zone": settings.TIME_ZONE, "since": clock.through, "until": until})
        clock.through = until
        clock.save(update_fields=["through"])
    return clock.through


def _start() -> ClickClock | None:
    """The clock's one row, begun at the hour of the first click; two who begin at once meet at the primary key."""
    first = Click.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return None
    ClickClock.objects.get_or_create(pk=1, defaults={"through": first.replace(minute=0, second=0, microsecond=0)})
    return ClickClock.objects.select_for_update(of=("self",)).get(pk=1)
