"""Who is credited for an order: touches noted when it is placed, decided when it is paid, kept as a receipt."""

from typing import Any
from uuid import UUID

from django.db import transaction

from kit import audit
from kit.clock import now
from shop.orders.models import Order
from shop.referrals import touches
from shop.referrals.flows.commission import reverse, unfreeze
from shop.referrals.models import Attribution, Link
from shop.referrals.rules import decide
from shop.referrals.suspicion import self_purchase


@transaction.atomic
def note_touches(*, order: Order, visitor: UUID | None) -> None:
    """Freeze on the order what led to it and the rules in force, so that later changes alter nothing."""
    programme = touches.programme_for(order)
    if programme is None:
        return
    version = programme.versions.order_by("-number")[0]
    found = touches.touches_of(order=order, visitor=visitor, programme=programme)
    order.terms["referral"] = {"version": version.pk, "rules": version.rules, "touches": found}
    order.save(update_fields=["terms"])


@transaction.atomic
def attribute(*, order: Order) -> Attribution | None:
    """Credit at most one referrer for a paid order (I13); a repeat returns what was decided.

    Where the buyer looks like the referrer (I14) the attribution is held: a reviewer decides, nothing vests before.
    """
    done = Attribution.objects.filter(order=order).first()
    noted = order.terms.get("referral")
    if done is not None or not noted or not noted["touches"]:
        return done
    receipt = {
        "order": order.number,
        "placed_at": order.placed_at.isoformat(),
        "rules_version": noted["version"],
        "rules": noted["rules"],
        "buyer": {"id": order.user_id, "has_bought": touches.bought_before(order)},
        "touches": noted["touches"],
    }
    receipt["decision"] = decide(receipt)
    winner = receipt["decision"]["winner"]
    if winner is None:
        return _credit_own_account(order, receipt)
    touch = receipt["touches"][winner]
    reason = self_purchase(order=order, referrer_id=touch["referrer"])
    receipt["decision"]["held"] = reason
    return _keep(order, receipt, touch, str(Attribution.State.HELD_SELF if reason else Attribution.State.CREDITED))


def _credit_own_account(order: Order, receipt: dict[str, Any]) -> Attribution | None:
    """Nobody won; but where the only reason is that the link was the buyer's own, that is held and explained too."""
    verdicts = receipt["decision"]["verdicts"]
    if "own_account" not in verdicts:
        return None
    receipt["decision"]["held"] = "own_account"
    return _keep(order, receipt, receipt["touches"][verdicts.index("own_account")], str(Attribution.State.HELD_SELF))


def _keep(order: Order, receipt: dict[str, Any], touch: dict[str, Any], state: str) -> Attribution:
    link = Link.objects.filter(pk=touch["link"]).first() if touch.get("link") else None
    return Attribution.objects.create(
        order=order,
        referrer_id=touch["referrer"],
        link=link,
        version_id=receipt["rules_version"],
        state=state,
        receipt=receipt,
        created_at=now(),
    )


@transaction.atomic
def decide_held(*, attribution: Attribution, accept: bool, actor: Any, reason: str) -> Attribution:
    """A reviewer's decision on a held attribution: credit it after all, or reject it for good."""
    row = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    if row.state != Attribution.State.HELD_SELF:
        return row
    row.state = Attribution.State.CREDITED if accept else Attribution.State.REJECTED
    row.save(update_fields=["state"])
    if accept:
        unfreeze(order=row.order)
    else:
        reverse(order=row.order, source=f"rejected:{row.pk}")
    audit.record(
        actor=actor,
        action="attribution.decided",
        target=f"order:{row.order_id}",
        before=str(Attribution.State.HELD_SELF),
        after=str(row.state),
        reason=reason,
    )
    return row
