"""The fraud queue: what looks wrong is queued with its evidence and keeps its money back until a person decides."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import TruncHour

from kit import audit
from kit.clock import now
from shop.orders.models import Order
from shop.referrals.flows.attribution import decide_held, reject
from shop.referrals.flows.hold import freeze, unfreeze
from shop.referrals.models import Attribution, Click, Suspicion

LOOK_BACK = timedelta(hours=26)
REFUND_DAYS = 90
Kind, State = Suspicion.Kind, Suspicion.State


def look_for_fraud() -> int:
    """Queue what has come up since yesterday; how many things are new."""
    return _find_clicks() + _find_sign_ups() + _find_refunds()


def _find_clicks() -> int:
    """Click stuffing: one address on one link, hour by hour, more often than people do."""
    rows = (
        Click.objects.filter(at__gte=now() - LOOK_BACK)
        .exclude(address_hash="")
        .annotate(hour=TruncHour("at"))
        .values("link", "link__owner", "link__code", "hour", "address_hash")
        .annotate(clicks=Count("pk"), first=Min("at"), last=Max("at"))
        .filter(clicks__gte=settings.FRAUD_CLICKS_AN_HOUR)
    )
    found = 0
    for row in rows.order_by("link", "hour"):
        evidence = {"link": row["link__code"], "clicks": row["clicks"], "hour": f"{row['hour']:%F %H:%M}"}
        covers = Attribution.objects.filter(link=row["link"], created_at__gte=row["hour"])
        found += _queue(f"clicks:{row['link']}:{row['hour']:%Y%m%d%H}", Kind.CLICKS, row["link__owner"], evidence, covers)
    return found


def _find_sign_ups() -> int:
    """A burst: more new accounts by one referrer's links within an hour than a school sees."""
    rows = (
        Click.objects.filter(is_signup=True, bound_at__gte=now() - LOOK_BACK)
        .annotate(hour=TruncHour("bound_at"))
        .values("link__owner", "hour")
        .annotate(sign_ups=Count("pk"), addresses=Count("address_hash", distinct=True))
        .filter(sign_ups__gte=settings.FRAUD_SIGN_UPS_AN_HOUR)
    )
    found = 0
    for row in rows.order_by("link__owner", "hour"):
        evidence = {"sign_ups": row["sign_ups"], "addresses": row["addresses"], "hour": f"{row['hour']:%F %H:%M}"}
        signed = Click.objects.filter(is_signup=True, link__owner=row["link__owner"], bound_at__gte=row["hour"])
        buyers = signed.filter(bound_at__lt=row["hour"] + timedelta(hours=1)).values("user")
        covers = Attribution.objects.filter(referrer=row["link__owner"], order__user__in=buyers)
        found += _queue(
            f"sign_ups:{row['link__owner']}:{row['hour']:%Y%m%d%H}", Kind.SIGN_UPS, row["link__owner"], evidence, covers
        )
    return found


def _find_refunds() -> int:
    """A quarter of a referrer's orders of 90 days and more given back in full, once there are enough of them to tell.

    Where nothing was paid nothing can be given back: such orders do not count.
    """
    since = now() - timedelta(days=REFUND_DAYS)
    kept = Q(order__lines__components__refunded_net__lt=F("order__lines__components__net"))
    orders = Attribution.objects.filter(created_at__gte=since).exclude(state=Attribution.State.REJECTED)
    bought = orders.filter(order__lines__components__net__gt=0)
    rows = bought.values("referrer").annotate(all=Count("pk", distinct=True), kept=Count("pk", distinct=True, filter=kept))
    found = 0
    for row in rows.filter(all__gte=settings.FRAUD_REFUND_ORDERS).order_by("referrer"):
        refunded = row["all"] - row["kept"]
        if refunded * 100 >= settings.FRAUD_REFUND_PERCENT * row["all"]:
            evidence = {"orders": row["all"], "refunded": refunded, "percent": refunded * 100 // row["all"], "days": REFUND_DAYS}
            covers = orders.filter(referrer=row["referrer"])
            found += _queue(f"refunds:{row['referrer']}:{_quarter(now())}", Kind.REFUNDS, row["referrer"], evidence, covers)
    return found


def _quarter(moment: datetime) -> str:
    """What was looked at once is not queued again every day."""
    return f"{moment.year}q{(moment.month + 2) // 3}"


@transaction.atomic
def _queue(key: str, kind: str, referrer: int, evidence: dict[str, Any], covers: Iterable[Attribution]) -> int:
    fields = {"kind": kind, "referrer_id": referrer, "evidence": evidence, "opened_at": now()}
    row, made = Suspicion.objects.get_or_create(key=key, defaults=fields)
    rows = list(covers)
    if row.state != State.OPEN:
        return 0
    row.covers.add(*rows)
    for attribution in sorted(rows, key=lambda one: one.order_id):
        freeze(order=attribution.order)
    return int(made)


@transaction.atomic
def decide_suspicion(*, suspicion: Suspicion, uphold: bool, actor: Any, reason: str) -> Suspicion:
    """Dismissed: the money goes on. Upheld: what it covers earns nothing. Final, and in the trail.

    Raises ValueError without a reason. Orders are locked in order, as everywhere before their commission.
    """
    if not reason.strip():
        raise ValueError("a decision has a reason")
    orders = list(Order.objects.select_for_update(of=("self",)).filter(attribution__suspicions=suspicion).order_by("pk"))
    row = Suspicion.objects.select_for_update(of=("self",)).get(pk=suspicion.pk)
    if row.state != State.OPEN:
        return row
    row.state, row.reason, row.decided_at = State.UPHELD if uphold else State.DISMISSED, reason.strip()[:300], now()
    row.save(update_fields=["state", "reason", "decided_at"])
    audit.record(
        actor=actor,
        action="suspicion.decided",
        target=f"suspicion:{row.pk}",
        before=str(State.OPEN),
        after={"state": str(row.state), "referrer": row.referrer_id, "orders": [order.pk for order in orders]},
        reason=row.reason,
    )
    for order in orders:
        _follow(Attribution.objects.select_for_update(of=("self",)).get(order=order), row, uphold, actor)
    return row


def _follow(attribution: Attribution, suspicion: Suspicion, uphold: bool, actor: Any) -> None:
    if attribution.state == Attribution.State.HELD_SELF and suspicion.key == f"attribution:{attribution.pk}":
        decide_held(attribution=attribution, accept=not uphold, actor=actor, reason=suspicion.reason)
    elif uphold and attribution.state == Attribution.State.CREDITED:
        reject(attribution, actor=actor, reason=suspicion.reason)
    else:
        unfreeze(order=attribution.order)
