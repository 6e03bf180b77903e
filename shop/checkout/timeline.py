"""An order's history as its buyer reads it: parcels, returns, money back, disputes, gift; and for the owner, who did it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from kit.models import AuditEntry
from kit.money import format_money
from shop.fulfilment.carriers import carrier_name, tracking_url
from shop.fulfilment.models import Return, Shipment
from shop.orders.models import Order
from shop.orders.moments import Moment
from shop.payments.models import Dispute, Payment, Refund

TIMELINE = "shop/order.html"
UNDER_WAY = frozenset({Refund.State.PENDING, Refund.State.REQUIRES_ACTION, Refund.State.STARTED})


def fill_moments(request: Any, order: Order, to_buyer: bool = True) -> tuple[str, dict[str, Any]] | None:
    """Slot order.moments: what happened since it was paid. Five queries, and two where something was refunded."""
    if order.paid_at is None:
        return None
    found: list[Moment] = []
    for parcel in Shipment.objects.filter(order=order).order_by("pk"):
        found.extend(_of_parcel(parcel))
    for back in Return.objects.filter(order=order, shipment=None).select_related("component"):
        found.extend(_of_return(back))
    for refund in Refund.objects.filter(payment__order=order).select_related("payment").prefetch_related("lines__component"):
        found.extend(_of_refund(refund))
    for dispute in Dispute.objects.filter(payment__order=order):
        found.extend(_of_dispute(dispute, to_buyer))
    for entry in AuditEntry.objects.filter(target=order.holder, action__in=list(WRITTEN)):
        found.append(WRITTEN[entry.action](entry))
    return TIMELINE, {"moments": found + _of_gift(order)}


def _of_parcel(parcel: Shipment) -> list[Moment]:
    found, about = [], f":{parcel.number}"
    if parcel.printed_at and parcel.state != Shipment.State.STOPPED:
        found.append(Moment(parcel.printed_at, _("Being packed"), icon="box", cause=f"shipment.printed{about}"))
    if parcel.shipped_at:
        text = " ".join(part for part in (carrier_name(parcel.carrier), parcel.tracking) if part)
        href = tracking_url(parcel.carrier, parcel.tracking)
        found.append(Moment(parcel.shipped_at, _("Parcel sent"), text, "truck", href, cause=f"shipment.shipped{about}"))
    if parcel.arrived_at:
        found.append(Moment(parcel.arrived_at, _("Parcel waits at the store"), icon="store", cause=f"shipment.arrived{about}"))
    if parcel.delivered_at:
        title = _("Parcel picked up") if parcel.arrived_at else _("Parcel delivered")
        found.append(Moment(parcel.delivered_at, title, icon="box", cause=f"shipment.delivered{about}"))
    if parcel.unclaimed_at:
        title, text = _("Parcel came back, as nobody fetched it"), ""
        if parcel.state == Shipment.State.RESENT:
            text = _("Its goods are sent again.")
        found.append(Moment(parcel.unclaimed_at, title, text, "return", cause=f"shipment.unclaimed{about}"))
    return found


def _of_return(back: Return) -> list[Moment]:
    found = [Moment(back.requested_at, _("Return asked for"), back.component.title, icon="return")]
    if back.received_at and back.state == Return.State.RECEIVED:
        title = _("Return arrived with us")
        found.append(Moment(back.received_at, title, back.component.title, icon="return", cause="return.inspected"))
    return found


def _of_refund(refund: Refund) -> list[Moment]:
    """How much, what for, and why."""
    amount = {"amount": format_money(refund.amount, refund.currency)}
    cause, why = f"order.refunded:{refund.pk}", why_refunded(refund)
    by_bank = refund.payment.method == Payment.Method.BANK
    if refund.state in UNDER_WAY and by_bank:
        return [Moment(refund.created_at, _("Refund of %(amount)s under way") % amount, why, "coin", state="now", cause=cause)]
    if refund.state in UNDER_WAY:
        return [Moment(refund.created_at, _("%(amount)s on its way back to you") % amount, why, "coin", state="now", cause=cause)]
    if refund.state == Refund.State.SUCCEEDED and refund.settled_at:
        how = _("It goes back the way it came; banks take some days.")
        how = _("We have transferred it to your bank account.") if by_bank else how
        text = _("%(why)s. %(how)s") % {"why": why.rstrip(".。"), "how": how} if why else how
        return [Moment(refund.settled_at, _("%(amount)s refunded") % amount, text, "coin", cause=cause)]
    if refund.state == Refund.State.FAILED and refund.settled_at and refund.provider_id:
        text = _("Your bank did not take the money. We write to you about another way.")
        return [Moment(refund.settled_at, _("A refund of %(amount)s did not arrive") % amount, text, "warning")]
    return []


def why_refunded(refund: Refund) -> str:
    """`Ukulele 21 inch: damaged.` The parts that came back, and the reason that was given, as far as there are any."""
    if refund.key.startswith("auto:"):
        return _("The payment could not be fulfilled.")
    parts = sorted((line for line in refund.lines.all() if line.net + line.tax), key=lambda line: line.component_id)
    return _(": ").join(text for text in (_(", ").join(line.component.title for line in parts), refund.reason) if text)


def _of_dispute(dispute: Dispute, to_buyer: bool) -> list[Moment]:
    asks, gave_back, stands = _bank_words(to_buyer)
    title = asks % {"amount": format_money(dispute.amount, dispute.currency)}
    text = _("Until it has decided, nothing is sent and nothing is refunded twice.")
    found = [Moment(dispute.opened_at, title, text, "shield", state="done" if dispute.closed_at else "now")]
    if dispute.closed_at and dispute.state == Dispute.LOST:
        found.append(Moment(dispute.closed_at, gave_back, _("What it had paid for has ended."), "shield"))
    elif dispute.closed_at:
        found.append(Moment(dispute.closed_at, stands, icon="shield"))
    return found


def _bank_words(to_buyer: bool) -> tuple[str, str, str]:
    """The bank asks, gave the money back, or lets the payment stand."""
    if to_buyer:
        return (
            _("Your bank asks about %(amount)s of this payment"),
            _("Your bank has given the money back to you"),
            _("Your bank has decided: the payment stands"),
        )
    return (
        _("The buyer's bank asks about %(amount)s of this payment"),
        _("The buyer's bank has taken the money back"),
        _("The buyer's bank has decided: the payment stands"),
    )


def _of_gift(order: Order) -> list[Moment]:
    gift = getattr(order, "gift", None)
    if gift is None:
        return []
    found = []
    if gift.sent_at and gift.email:
        found.append(
            Moment(gift.sent_at, _("The gift was announced to %(name)s") % {"name": gift.name or gift.email}, icon="gift")
        )
    if gift.redeemed_at:
        found.append(Moment(gift.redeemed_at, _("The gift was taken"), icon="gift", cause="gift.redeemed"))
    return found


def _readdressed(entry: AuditEntry) -> Moment:
    return Moment(entry.at, _("Delivery address changed"), icon="pin", cause=cause_of(entry))


def _return_refused(entry: AuditEntry) -> Moment:
    return Moment(entry.at, _("Return not accepted"), entry.reason, "return", cause=cause_of(entry))


def _accepted(entry: AuditEntry) -> Moment:
    return Moment(entry.at, _("Payment checked and accepted"), cause=cause_of(entry))


# What only the trail knows the time of.
WRITTEN: dict[str, Callable[[AuditEntry], Moment]] = {
    "delivery.changed": _readdressed,
    "return.refused": _return_refused,
    "order.accepted": _accepted,
}


def cause_of(entry: AuditEntry) -> str:
    """An entry as moments name it: its action, and the parcel or refund that it is about."""
    after = entry.after if isinstance(entry.after, dict) else {}
    about = after.get("parcel") or after.get("refund") or ""
    return f"{entry.action}:{about}" if about else entry.action


def who_did(moments: Iterable[Moment], trail: Sequence[AuditEntry], names: dict[int | None, str]) -> list[tuple[Moment, str]]:
    """Each moment with who caused it, as the trail has it; '' where nobody is named. `trail` is newest first."""
    actors = {cause_of(entry): entry.actor_id for entry in trail}
    return [(moment, names.get(actors.get(moment.cause), "")) for moment in moments]


def names_of(trail: Iterable[AuditEntry]) -> dict[int | None, str]:
    """Actor's id → name, of all who are in the trail. One query."""
    people = User.objects.filter(pk__in={entry.actor_id for entry in trail if entry.actor_id})
    return {person.pk: person.display_name for person in people}
