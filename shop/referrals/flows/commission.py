"""Commission: accrued per component, reversed pro rata, frozen, released. Lines are immutable; the ledger follows each.

I15: per component and level, the sum of all lines is floor(rate × net retained).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum

from kit.clock import now
from kit.money import take_rate
from shop.ledger.flows import Posting, post
from shop.orders.models import Order, OrderComponent
from shop.referrals.models import Attribution, Commission
from shop.referrals.rules import Rules

LEVEL = 1
State, Kind = Commission.State, Commission.Kind


@transaction.atomic
def accrue(*, order: Order) -> list[Commission]:
    """Earn for every component of a paid order, once. A held attribution earns frozen."""
    return _recompute(order, f"order:{order.pk}")


@transaction.atomic
def reverse(*, order: Order, source: str) -> list[Commission]:
    """Bring the lines back to what was retained, after a refund, a lost dispute, a rejection or a failed refund.

    `source` names the cause (`refund:3`), so that a repeat changes nothing. Call it after the components' refunded
    amounts are written.
    """
    return _recompute(order, source)


def _recompute(order: Order, source: str) -> list[Commission]:
    attribution = Attribution.objects.select_for_update(of=("self",)).select_related("version").filter(order=order).first()
    if attribution is None:
        return []
    rules, made = Rules.from_json(attribution.version.rules), []
    for component in OrderComponent.objects.filter(line__order=order).order_by("pk"):
        lines = Commission.objects.filter(component=component, level=LEVEL)
        if lines.filter(source=source).exists():
            continue
        rate = rules.rate_of(component.kind)
        retained = 0 if attribution.state == Attribution.State.REJECTED else component.net - component.refunded_net
        change = take_rate(retained, rate) - (lines.aggregate(sum=Sum("amount"))["sum"] or 0)
        if change:
            made.append(_write_line(attribution, component, order, source, rate, change))
    return made


def _write_line(
    attribution: Attribution, component: OrderComponent, order: Order, source: str, rate: int, amount: int
) -> Commission:
    line = Commission.objects.create(
        attribution=attribution,
        payee=attribution.referrer,
        component=component,
        level=LEVEL,
        kind=Kind.ACCRUAL if amount > 0 else Kind.REVERSAL,
        source=source,
        rate=rate,
        amount=amount,
        currency=order.currency,
        state=_state_of_new_line(attribution, component),
        created_at=now(),
        available_at=Commission.objects.filter(component=component).values_list("available_at", flat=True).first(),
    )
    debit, credit = ("commission_expense", "commission_payable") if amount > 0 else ("commission_payable", "commission_expense")
    post(
        key=f"commission:{component.pk}:{source}",
        source=order.holder,
        text=f"Commission {order.number}",
        entries=[Posting(debit, order.currency, debit=abs(amount)), Posting(credit, order.currency, credit=abs(amount))],
    )
    return line


def _state_of_new_line(attribution: Attribution, component: OrderComponent) -> str:
    """A later line goes where the first one is; once that is paid, the difference counts in the next payout."""
    if attribution.state == Attribution.State.HELD_SELF:
        return str(State.FROZEN)
    first = Commission.objects.filter(component=component, level=LEVEL).order_by("pk").values_list("state", flat=True).first()
    return str(State.AVAILABLE if first == State.PAID else first or State.PENDING)


@transaction.atomic
def freeze(*, order: Order) -> None:
    """While a dispute is open nothing of the order is paid out."""
    Commission.objects.filter(attribution__order=order, state__in=[State.PENDING, State.AVAILABLE]).update(state=State.FROZEN)


@transaction.atomic
def unfreeze(*, order: Order) -> None:
    """The dispute is over or the reviewer has decided: wait for the hold again."""
    Commission.objects.filter(attribution__order=order, state=State.FROZEN).exclude(
        attribution__state=Attribution.State.HELD_SELF
    ).update(state=State.PENDING)


@transaction.atomic
def set_release(*, order: Order, delivered_at: datetime | None, awaits_delivery: bool) -> datetime | None:
    """The hold ends at the later of refund window's end and delivery + return window (rule 10); None: not known yet.

    `delivered_at` is the last delivery, None where nothing was sent; `awaits_delivery` while goods are still to come. A
    hold that begins again (a parcel is sent once more) takes back what was released and is not paid yet (I16).
    """
    terms: dict[str, Any] = order.terms
    moment = None
    if order.paid_at is not None and not awaits_delivery:
        moment = order.paid_at + timedelta(days=terms.get("refund_days", 0))
        if delivered_at is not None:
            moment = max(moment, delivered_at + timedelta(days=terms.get("return_days", 0)))
    lines = Commission.objects.filter(attribution__order=order)
    lines.exclude(state=State.PAID).update(available_at=moment)
    if moment is None or moment > now():
        paid = lines.filter(state=State.PAID).values("component")
        lines.filter(state=State.AVAILABLE).exclude(component__in=paid).update(state=State.PENDING)
    return moment


@transaction.atomic
def release_held_commissions() -> int:
    """Pending lines whose hold has ended become available; how many."""
    return Commission.objects.filter(state=State.PENDING, available_at__lte=now()).update(state=State.AVAILABLE)
