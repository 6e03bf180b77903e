"""An attribution receipt as its referrer may take it away: what led to the order, what happened since, what it earned."""

from typing import Any

from django.db.models import Sum

from shop.orders.models import OrderComponent
from shop.payments.models import Dispute, DisputeLine, Refund, RefundLine
from shop.referrals.models import Attribution, Commission

Kind = Commission.Kind
BY_RATE = [Kind.ACCRUAL, Kind.REVERSAL]


def exported(attribution: Attribution) -> dict[str, Any]:
    """The stored receipt, the `events` since and what the books say was `earned`: replay.py alone can check it."""
    return {**attribution.receipt, "events": events_of(attribution), "earned": earned_in_books(attribution)}


def shared(attribution: Attribution) -> dict[str, Any]:
    """The same for the referrer's eyes: other people are numbers, and of the buyer only what the decision asks stays."""
    receipt = exported(attribution)
    names: dict[Any, int] = {attribution.referrer_id: 1}
    people = [touch["referrer"] for touch in receipt["touches"]] + [receipt["buyer"]["id"]]
    for person in people:
        if person is not None:
            names.setdefault(person, len(names) + 1)
    hidden = {"referrer", "link", "channel"}
    touches = []
    for touch in receipt["touches"]:
        own = touch["referrer"] == attribution.referrer_id
        kept = {key: value for key, value in touch.items() if own or key not in hidden}
        touches.append({**kept, "referrer": names[touch["referrer"]]})
    signs = receipt["buyer"].get("self_of", {})
    own_sign = signs.get(str(attribution.referrer_id))
    buyer = {
        "id": names.get(receipt["buyer"]["id"]),
        "has_bought": receipt["buyer"]["has_bought"],
        "self_of": {"1": own_sign} if own_sign else {},
    }
    return {**receipt, "touches": touches, "buyer": buyer}


def events_of(attribution: Attribution) -> list[dict[str, Any]]:
    """Refunds, lost disputes, decisions, corrections and payouts since, oldest first within each kind."""
    order = attribution.order_id
    found = []
    for line in RefundLine.objects.filter(component__line__order=order).select_related("refund").order_by("pk"):
        state = line.refund.state
        if state != Refund.State.STARTED:
            found.append(_refund(line.component_id, line.net))
        if state in (Refund.State.FAILED, Refund.State.CANCELLED):
            found.append(_refund(line.component_id, -line.net))
    for lost in DisputeLine.objects.filter(component__line__order=order, dispute__state=Dispute.LOST).order_by("pk"):
        found.append(_refund(lost.component_id, lost.net))
    if attribution.state == Attribution.State.REJECTED:
        found.append({"kind": "decided", "accept": False})
    elif attribution.state == Attribution.State.CREDITED and attribution.receipt["decision"].get("held"):
        found.append({"kind": "decided", "accept": True})
    lines = attribution.commissions.order_by("pk")
    found += [{"kind": "adjusted", "amount": line.amount} for line in lines if line.kind == Kind.ADJUSTMENT]
    paid = sum(line.amount for line in lines if line.state == Commission.State.PAID)
    return [*found, {"kind": "paid", "amount": paid}] if paid else found


def _refund(part: int, net: int) -> dict[str, Any]:
    return {"kind": "refund", "part": part, "net": net}


def earned_in_books(attribution: Attribution) -> dict[str, Any]:
    """What the commission lines come to, in the shape of replay.amounts()."""
    lines = attribution.commissions.all()
    ids = OrderComponent.objects.filter(line__order=attribution.order_id).order_by("pk").values_list("pk", flat=True)
    by_rate = dict(lines.filter(kind__in=BY_RATE).values_list("component").annotate(Sum("amount")))
    later = dict(lines.filter(kind__in=BY_RATE, on_outcome=True).values_list("component").annotate(Sum("amount")))
    total = _sum(lines)
    return {
        "state": str(attribution.state),
        "parts": {str(pk): by_rate.get(pk, 0) for pk in ids},
        "later": {str(pk): later.get(pk, 0) for pk in ids},
        "bonus": _sum(lines.filter(kind=Kind.BONUS)),
        "adjusted": _sum(lines.filter(kind=Kind.ADJUSTMENT)),
        "total": total,
        "owed": total - _sum(lines.filter(state=Commission.State.PAID)),
    }


def _sum(lines: Any) -> int:
    return int(lines.aggregate(sum=Sum("amount"))["sum"] or 0)
