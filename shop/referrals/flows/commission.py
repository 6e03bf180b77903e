"""Commission: accrued per component, reversed pro rata, corrected by hand. Lines are immutable; the ledger follows each.

I15: per component and level, the sum of accruals and reversals is floor(rate × net retained). What a programme pays on an
outcome stands in lines of its own; a bonus, pro rata of what is kept of the order, hangs on its first component.
"""

from typing import Any

from django.db import transaction
from django.db.models import Sum

from kit import audit
from kit.clock import now
from shop.ledger.flows import Posting, post
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute
from shop.referrals.models import Attribution, Commission, Suspicion
from shop.referrals.replay import bonus_of, earned_of
from shop.referrals.rules import Rules

LEVEL = 1
State, Kind = Commission.State, Commission.Kind
BY_RATE = [Kind.ACCRUAL, Kind.REVERSAL]


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
    attribution = Attribution.objects.select_for_update(of=("self",)).filter(order=order).first()
    if attribution is None:
        return []
    rules, made = Rules.from_json(attribution.receipt["rules"]), []
    parts = list(OrderComponent.objects.filter(line__order=order).select_related("line").order_by("pk"))
    rejected = attribution.state == Attribution.State.REJECTED
    kept = {part.pk: 0 if rejected else part.net - part.refunded_net for part in parts}
    for part in parts:
        rate = rules.rate_of(part.kind, part.line.offer_id)
        for on_outcome, due in enumerate(earned_of(kept[part.pk], rate, rules.vest_share)):
            cause = f"{source}:outcome" if on_outcome else source
            rows = Commission.objects.filter(component=part, kind__in=BY_RATE, on_outcome=bool(on_outcome))
            made += _correct(attribution, part, rows, cause, due, rate=rate, on_outcome=bool(on_outcome))
    if parts and order.currency in rules.bonus:
        due = bonus_of(rules.to_json(), order.currency, sum(kept.values()), sum(part.net for part in parts))
        rows = Commission.objects.filter(component=parts[0], kind=Kind.BONUS)
        made += _correct(attribution, parts[0], rows, f"{source}:bonus", due, kind=Kind.BONUS)
    return made


def _correct(attribution: Attribution, part: OrderComponent, rows: Any, source: str, due: int, **fields: Any) -> list[Commission]:
    """A line of what is missing to `due`, or nothing; the same cause writes once."""
    change = due - (rows.aggregate(sum=Sum("amount"))["sum"] or 0)
    if not change or Commission.objects.filter(component=part, level=LEVEL, source=source).exists():
        return []
    kind = fields.pop("kind", Kind.ACCRUAL if change > 0 else Kind.REVERSAL)
    first = rows.order_by("pk").first()
    return [_write_line(attribution, part, source, change, first=first, kind=kind, **fields)]


def _write_line(
    attribution: Attribution, component: OrderComponent, source: str, amount: int, *, first: Commission | None, **fields: Any
) -> Commission:
    order = attribution.order
    line = Commission.objects.create(
        attribution=attribution,
        payee=attribution.referrer,
        component=component,
        level=LEVEL,
        source=source,
        amount=amount,
        currency=order.currency,
        state=_state_of_new_line(attribution, first, amount),
        created_at=now(),
        available_at=Commission.objects.filter(attribution=attribution).values_list("available_at", flat=True).first(),
        **{"rate": 0, **fields},
    )
    debit, credit = ("commission_expense", "commission_payable") if amount > 0 else ("commission_payable", "commission_expense")
    post(
        key=f"commission:{component.pk}:{source}",
        source=order.holder,
        text=f"Commission {order.number}",
        entries=[Posting(debit, order.currency, debit=abs(amount)), Posting(credit, order.currency, credit=abs(amount))],
    )
    return line


def is_questioned(attribution: Attribution) -> bool:
    """Whether something keeps its money back: a reviewer's decision that is due, an open suspicion, a bank's dispute."""
    return (
        attribution.state == Attribution.State.HELD_SELF
        or attribution.suspicions.filter(state=Suspicion.State.OPEN).exists()
        or Dispute.objects.filter(payment__order=attribution.order_id, state__in=Dispute.OPEN | Dispute.INQUIRY).exists()
    )


def _state_of_new_line(attribution: Attribution, first: Commission | None, amount: int) -> str:
    """A later line goes where the first one is; once that is paid, the difference counts in the next payout. What is added
    while something is in question waits for its end."""
    state = first.state if first else State.PENDING
    if attribution.state == Attribution.State.HELD_SELF or ((amount > 0 or not first) and is_questioned(attribution)):
        return str(State.FROZEN)
    return str(State.AVAILABLE if state == State.PAID else state)


@transaction.atomic
def adjust(*, attribution: Attribution, amount: int, actor: Any, reason: str) -> Commission:
    """Correct by hand what an order earned, up or down, in a line of its own that says why. It waits as the rest does.

    Raises ValueError for nothing, for no reason, or for an order that was rejected.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=attribution.order_id)
    row = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    if not amount or not reason.strip() or row.state == Attribution.State.REJECTED:
        raise ValueError("a correction has an amount and a reason, and an order that earns")
    part = OrderComponent.objects.filter(line__order=order).order_by("pk")[0]
    first = row.commissions.filter(on_outcome=False).order_by("pk").first()
    number = row.commissions.filter(kind=Kind.ADJUSTMENT).count() + 1
    line = _write_line(row, part, f"adjustment:{number}", amount, first=first, kind=Kind.ADJUSTMENT, note=reason.strip()[:300])
    audit.record(
        actor=actor,
        action="commission.adjusted",
        target=f"order:{order.pk}",
        after={"amount": amount, "currency": line.currency, "commission": line.pk},
        reason=reason.strip(),
    )
    return line
