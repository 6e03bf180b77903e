"""Paying by Stripe transfer instead of the bank's file.

Key and destination are stored and committed before Stripe is called, outside any transaction; a call without an answer is
sent again by the same key. What Stripe answers and what its events tell go through `settle_transfer`, once.
"""

import logging
import uuid
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.roles import OWNER
from kit import audit
from kit.clock import now
from kit.money import format_money
from notices.flows import Words, notify_many
from shop.payments import connect, stripe
from shop.payments.connect import TransferFacts
from shop.payouts.flows.outcome import CannotChange, locked, refuse_unapproved, reopen, settle_paid
from shop.payouts.models import PayeeAccount, Payout
from shop.payouts.reads import payouts

logger = logging.getLogger(__name__)
State, Method = Payout.State, Payout.Method
# Stripe forgets an idempotency key after 24 hours at the earliest: past this, look before asking again.
LOOK_FIRST = timedelta(hours=23)
PATIENCE = timedelta(minutes=1)


class TransferDelayed(Exception):
    """Stripe did not answer: it is sent again by itself. The text is for the owner."""


def transfer_payout(*, payout: Payout, actor: Any) -> Payout:
    """Send a prepared payout to its payee's account at Stripe. Twice, or twice at once, is one transfer.

    Raises CannotChange where it is no longer prepared or not approved, one of its orders is in dispute, the payee has no
    account that can be paid, or Stripe refuses (it is prepared again then); TransferDelayed where Stripe does not answer.
    """
    row = _write_down(payout, actor)
    try:
        trouble = send_transfer(payout_id=row.pk)
    except stripe.StripeUnavailable as error:
        raise TransferDelayed(
            _("Stripe does not answer. The transfer is written down and will be sent again by itself.")
        ) from error
    if trouble:
        raise CannotChange(_("Stripe refused the transfer (%(code)s). Nothing was sent.") % {"code": trouble})
    row.refresh_from_db()
    return row


@transaction.atomic
def _write_down(payout: Payout, actor: Any) -> Payout:
    row = locked(payout)
    if row.method == Method.TRANSFER and row.state in (State.SENDING, State.PAID):
        return row
    if row.state != State.PREPARED:
        raise CannotChange(_("This payout is not prepared any more."))
    if payouts().get(pk=row.pk).frozen:
        raise CannotChange(_("A bank disputes one of its orders: mark it as failed and prepare a new one."))
    refuse_unapproved(row)
    account = PayeeAccount.objects.filter(user=row.payee, payouts_enabled=True).first()
    if account is None or account.account_id is None:
        raise CannotChange(_("This person has no account at Stripe that can be paid."))
    if account.rests_until is not None and account.rests_until > now():
        raise CannotChange(_("This person has changed where they are paid: nothing is sent there for 72 hours."))
    row.state, row.method, row.destination = State.SENDING, Method.TRANSFER, account.account_id
    row.transfer_key, row.sent_at = uuid.uuid4().hex, now()
    row.save(update_fields=["state", "method", "destination", "transfer_key", "sent_at"])
    audit.record(
        actor=actor,
        action="payout.sending",
        target=f"payout:{row.pk}",
        before=str(State.PREPARED),
        after={"state": str(State.SENDING), "account": row.destination, "amount": row.amount, "currency": row.currency},
    )
    return row


def send_transfer(*, payout_id: int) -> str:
    """Ask Stripe for a transfer that is written down. Returns Stripe's code where it refused, else "".

    Raises StripeUnavailable.
    """
    row = Payout.objects.get(pk=payout_id)
    if row.state != State.SENDING:
        return ""
    try:
        facts = _ask(row)
    except stripe.StripeRefused as error:
        _take_back(payout_id, row.transfer_key, str(error))
        return str(error)
    settle_transfer(facts=facts)
    return ""


def _ask(row: Payout) -> TransferFacts:
    assert row.transfer_key is not None
    assert row.sent_at is not None
    found = connect.find_transfer(row.transfer_key) if now() - row.sent_at > LOOK_FIRST else None
    return found or connect.create_transfer(
        account_id=row.destination, amount=row.amount, currency=row.currency, key=row.transfer_key
    )


@transaction.atomic
def _take_back(payout_id: int, key: str | None, code: str) -> None:
    """Stripe said no: nothing was sent, and nothing will be by this key."""
    row = Payout.objects.select_for_update(of=("self",)).get(pk=payout_id)
    if row.state != State.SENDING or row.transfer_key != key:
        return
    row.state, row.method, row.destination, row.transfer_key = State.PREPARED, Method.BANK, "", None
    row.save(update_fields=["state", "method", "destination", "transfer_key"])
    audit.record(
        actor=None,
        action="payout.refused",
        target=f"payout:{row.pk}",
        before=str(State.SENDING),
        after=str(State.PREPARED),
        reason=code,
    )


@transaction.atomic
def settle_transfer(*, facts: TransferFacts) -> bool:
    """Bring a payout to where its transfer is: paid, or come back. False where no payout of ours made it."""
    known = Payout.objects.filter(transfer_key=facts.key).first() if facts.key else None
    if known is None:
        return False
    row = locked(known)
    if row.state == State.SENDING:
        settle_paid(row, actor=None, reference=facts.id)
    if row.state == State.PAID and facts.reversed >= row.amount:
        reopen(row, actor=None, reason="transfer reversed")
    elif row.state == State.PAID and facts.reversed:
        _tell_of_part(row, facts.reversed)
    return True


def _tell_of_part(row: Payout, amount: int) -> None:
    """Only some of it came back: which line that is, people must say."""
    logger.error("transfer reversed in part", extra={"payout": row.pk})
    title = gettext_noop("Payout %(number)s: %(amount)s of the transfer came back")
    body = gettext_noop("Stripe reversed a part of it. Reverse the rest at Stripe, then it can be paid again.")
    notify_many(
        users=User.objects.filter(groups__name=OWNER, is_active=True),
        kind="money",
        key=f"payout:{row.pk}:part:{amount}",
        url=reverse("shop_payout", args=[row.pk]),
        words=Words(title, body, {"number": f"CY-P-{row.pk}", "amount": format_money(amount, row.currency)}),
    )


def send_waiting_transfers() -> int:
    """Send again what had no answer; how many were tried. Stops where Stripe is silent still."""
    rows = Payout.objects.filter(state=State.SENDING, sent_at__lt=now() - PATIENCE).order_by("pk")
    tried = 0
    for payout_id in rows.values_list("pk", flat=True):
        tried += 1
        try:
            send_transfer(payout_id=payout_id)
        except stripe.StripeUnavailable:
            break
    return tried
