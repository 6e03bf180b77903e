"""What became of a payout."""

from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kit import audit
from kit.clock import now
from kit.money import format_money
from notices.flows import Words, notify
from shop.ledger.flows import post, two_sided
from shop.payments.models import Dispute
from shop.payouts.models import Earning, Payout
from shop.referrals.models import Commission

State = Payout.State


class CannotChange(Exception):
    """The payout is past that; the text is for the owner."""


@transaction.atomic
def mark_paid(*, payout: Payout, actor: Any, transfer_id: str = "") -> Payout:
    """The money has left the bank: its lines are paid, the debt is gone from the books, the payee is told. Once.

    Raises CannotChange for a payout that failed (its lines may be in another one by now), that Stripe is sending or that
    waits for a second person, and for a bank reference that another payout has.
    """
    row = locked(payout)
    if row.state == State.PAID:
        return row
    if row.state == State.FAILED:
        raise CannotChange(_("This payout failed. Prepare a new one."))
    _refuse_transfer(row)
    refuse_unapproved(row)
    reference = transfer_id.strip()[:120] or None
    if reference and Payout.objects.filter(transfer_id=reference).exists():
        raise CannotChange(_("Another payout has this bank reference."))
    settle_paid(row, actor=actor, reference=reference)
    return row


def settle_paid(row: Payout, *, actor: Any, reference: str | None) -> None:
    """The locked payout has arrived where it was sent."""
    before = row.state
    row.state, row.paid_at, row.transfer_id = State.PAID, now(), reference
    row.save(update_fields=["state", "paid_at", "transfer_id"])
    Commission.objects.filter(payout_entries__payout=row, payout_entries__is_live=True).update(state=Commission.State.PAID)
    Earning.objects.filter(payout_entries__payout=row, payout_entries__is_live=True).update(state=Earning.State.PAID)
    _post(row, "paid")
    audit.record(actor=actor, action="payout.paid", target=f"payout:{row.pk}", before=str(before), after=str(State.PAID))
    _tell(row)


@transaction.atomic
def mark_failed(*, payout: Payout, actor: Any, reason: str = "") -> Payout:
    """It was not sent, or it came back, even after `paid`: its lines can be paid again, once, and the books follow.

    Raises CannotChange for a transfer, of which Stripe tells by itself.
    """
    row = locked(payout)
    if row.state == State.FAILED:
        return row
    _refuse_transfer(row)
    reopen(row, actor=actor, reason=reason)
    return row


def reopen(row: Payout, *, actor: Any, reason: str) -> None:
    """The locked payout has failed."""
    before = row.state
    row.state = State.FAILED
    row.save(update_fields=["state"])
    if before == State.PAID:
        _reopen_lines(row)
        _post(row, "failed", back=True)
    row.entries.update(is_live=False)
    audit.record(
        actor=actor,
        action="payout.failed",
        target=f"payout:{row.pk}",
        before=str(before),
        after=str(State.FAILED),
        reason=reason,
    )


@transaction.atomic
def approve(*, payout: Payout, actor: Any) -> Payout:
    """A second person agrees to a large payout. The same again changes nothing.

    Raises CannotChange for whoever prepared it, and once it is no longer prepared.
    """
    row = locked(payout)
    if row.approved_by_id is not None:
        return row
    if row.state != State.PREPARED:
        raise CannotChange(_("This payout is not prepared any more."))
    if row.prepared_by_id is None or row.prepared_by_id == actor.pk:
        raise CannotChange(_("You prepared this payout yourself: another owner must approve it."))
    row.approved_by = actor
    row.save(update_fields=["approved_by"])
    after = {"amount": row.amount, "currency": row.currency}
    audit.record(actor=actor, action="payout.approved", target=f"payout:{row.pk}", after=after)
    return row


def refuse_unapproved(row: Payout) -> None:
    """So much does not leave on one person's word."""
    if row.waits_for_approval:
        raise CannotChange(_("So large a payout leaves only once a second owner has approved it."))


def _refuse_transfer(row: Payout) -> None:
    """What Stripe sends is paid once, whoever presses which button."""
    if row.method == Payout.Method.TRANSFER:
        raise CannotChange(_("Stripe sends this payout, and tells by itself what becomes of it."))


def _reopen_lines(row: Payout) -> None:
    """Ready to be paid again, except where the order's payment is in dispute by now."""
    disputed = Dispute.objects.filter(state__in=Dispute.OPEN | Dispute.INQUIRY).values("payment__order")
    commissions = Commission.objects.filter(payout_entries__payout=row, state=Commission.State.PAID)
    earnings = Earning.objects.filter(payout_entries__payout=row, state=Earning.State.PAID)
    commissions.filter(attribution__order__in=disputed).update(state=Commission.State.FROZEN)
    earnings.filter(component__line__order__in=disputed).update(state=Earning.State.FROZEN)
    commissions.update(state=Commission.State.AVAILABLE)
    earnings.update(state=Earning.State.AVAILABLE)


def locked(payout: Payout) -> Payout:
    """The payout under its lock, with its payee."""
    return Payout.objects.select_for_update(of=("self",)).select_related("payee").get(pk=payout.pk)


def _post(row: Payout, what: str, *, back: bool = False) -> None:
    """The debts that its entries stand for, against the bank, or against transfers until Stripe's balance shows them; `back`
    where the money returned."""
    source = "transfers" if row.method == Payout.Method.TRANSFER else "bank"
    shares = row.entries.filter(commission=None).aggregate(sum=Sum("amount"))["sum"] or 0
    debts = [("commission_payable", row.amount - shares), ("instructor_payable", shares), (source, -row.amount)]
    post(
        key=f"payout:{row.pk}:{what}",
        source=f"payout:{row.pk}",
        text=f"Payout {row.pk} {what}",
        entries=[two_sided(account, -amount if back else amount, row.currency) for account, amount in debts],
    )


def _tell(row: Payout) -> None:
    title = gettext_noop("%(amount)s is on its way to you")
    body = gettext_noop("What you earned was paid out. Banks take a day or two.")
    notify(
        user=row.payee,
        kind="payout",
        key=f"payout:{row.pk}",
        url="/promote/",
        words=Words(title, body, {"amount": format_money(row.amount, row.currency)}),
    )
