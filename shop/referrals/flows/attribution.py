"""Who is credited for an order: touches noted when it is placed, decided when it is paid, kept as a receipt."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from kit import audit
from kit.clock import now
from shop.orders.models import Order, OrderComponent
from shop.referrals import touches
from shop.referrals.flows.commission import reverse
from shop.referrals.flows.hold import unfreeze
from shop.referrals.models import Attribution, Link, Suspicion
from shop.referrals.replay import decide
from shop.referrals.suspicion import evidence_of, self_purchase


@transaction.atomic
def note_touches(*, order: Order, visitor: UUID | None) -> None:
    """Freeze on the order what led to it and the rules in force, so that later changes alter nothing."""
    paying = touches.in_force(order)
    if paying is None:
        return
    found = touches.touches_of(order=order, visitor=visitor, paying=paying)
    order.terms["referral"] = {"version": paying.version.pk, "rules": paying.rules, "touches": found}
    order.save(update_fields=["terms"])


@transaction.atomic
def attribute(*, order: Order) -> Attribution | None:
    """Credit at most one referrer for a paid order (I13); a repeat returns what was decided.

    The receipt is kept on the order whoever is credited, or nobody. Where the buyer looks like the referrer (I14) the
    attribution is held: a reviewer decides, nothing vests before.
    """
    done = Attribution.objects.filter(order=order).first()
    noted = order.terms.get("referral")
    if done is not None or not noted or "receipt" in noted:
        return done
    receipt = _receipt(order, noted)
    noted["receipt"] = receipt
    order.save(update_fields=["terms"])
    credited = receipt["decision"]["credited"]
    return None if credited is None else _keep(order, receipt, receipt["touches"][credited])


def _receipt(order: Order, noted: dict[str, Any]) -> dict[str, Any]:
    """All that the decision rests on, and the decision."""
    people = {touch["referrer"] for touch in noted["touches"]}
    signs = {str(pk): self_purchase(order=order, referrer_id=pk) for pk in people}
    parts = OrderComponent.objects.filter(line__order=order).order_by("pk").values("pk", "kind", "line__offer", "net")
    receipt = {
        "order": order.number,
        "placed_at": order.placed_at.isoformat(),
        "currency": order.currency,
        "rules_version": noted["version"],
        "rules": noted["rules"],
        "buyer": {
            "id": order.user_id,
            "has_bought": touches.bought_before(order),
            "self_of": {person: sign for person, sign in signs.items() if sign},
        },
        "touches": noted["touches"],
        "parts": [{"id": row["pk"], "kind": row["kind"], "offer": row["line__offer"], "net": row["net"]} for row in parts],
    }
    receipt["decision"] = decide(receipt)
    if (credited := receipt["decision"]["credited"]) is not None:
        _earn_nothing_on(receipt, noted["touches"][credited].get("without", []))
    return receipt


def _earn_nothing_on(receipt: dict[str, Any], offers: Iterable[int]) -> None:
    """Who is credited has no agreement with these offers' programmes: their parts earn zero."""
    rates = receipt["rules"]["offers"]
    receipt["rules"] = {**receipt["rules"], "offers": {**rates, **{str(pk): dict.fromkeys(rates[str(pk)], 0) for pk in offers}}}


def _keep(order: Order, receipt: dict[str, Any], touch: dict[str, Any]) -> Attribution:
    held = receipt["decision"]["held"]
    row = Attribution.objects.create(
        order=order,
        referrer_id=touch["referrer"],
        link=Link.objects.filter(pk=touch["link"]).first() if touch.get("link") else None,
        version_id=receipt["rules_version"],
        state=Attribution.State.HELD_SELF if held else Attribution.State.CREDITED,
        receipt=receipt,
        created_at=now(),
    )
    if held:
        suspicion = Suspicion.objects.create(
            key=f"attribution:{row.pk}",
            kind=held,
            referrer_id=row.referrer_id,
            evidence=evidence_of(order, held),
            opened_at=now(),
        )
        suspicion.covers.add(row)
    return row


@transaction.atomic
def decide_held(*, attribution: Attribution, accept: bool, actor: Any, reason: str) -> Attribution:
    """A reviewer's decision on a held attribution: credit it after all, or reject it for good."""
    row = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    if row.state != Attribution.State.HELD_SELF:
        return row
    state = Suspicion.State.DISMISSED if accept else Suspicion.State.UPHELD
    own = Suspicion.objects.filter(key=f"attribution:{row.pk}", state=Suspicion.State.OPEN)
    own.update(state=state, reason=reason[:300], decided_at=now())
    if accept:
        _set_state(row, Attribution.State.CREDITED, actor, reason)
        unfreeze(order=row.order)
    else:
        reject(row, actor=actor, reason=reason)
    return row


def reject(row: Attribution, *, actor: Any, reason: str) -> None:
    """The locked attribution earns nothing, whatever it was before."""
    _set_state(row, Attribution.State.REJECTED, actor, reason)
    reverse(order=row.order, source=f"rejected:{row.pk}")
    unfreeze(order=row.order)


def _set_state(row: Attribution, state: Any, actor: Any, reason: str) -> None:
    before, row.state = row.state, state
    row.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action="attribution.decided",
        target=f"order:{row.order_id}",
        before=str(before),
        after=str(state),
        reason=reason,
    )
