"""Writes of what came from Stripe and what we ask of it. Consequences for the order are decided in shop.checkout.flows."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from kit.money import CURRENCIES
from shop.orders.models import Order, OrderComponent
from shop.payments.models import BalanceTransaction, BankAccount, Dispute, Payment, Refund, RefundLine, WebhookEvent
from shop.payments.reads import refundable
from shop.payments.shapes import DisputeFacts, EventFacts, Movement, RefundFacts, Session

# Stripe wants 30 minutes at least, counted when the call arrives: the rest is time to retry one that timed out.
SESSION_LIFE = timedelta(minutes=35)
RETRY_SPAN = timedelta(minutes=4)
GRACE = timedelta(minutes=10)
DELAYED_HOLD = timedelta(days=1)

Parts = Mapping[OrderComponent, tuple[int, int]]


class TooMuch(Exception):
    """More than what was captured and not given back yet (I11)."""

    def __init__(self, wanted: int, left: int) -> None:
        super().__init__(f"wanted {wanted}, refundable {left}")
        self.wanted, self.left = wanted, left


def store_event(*, facts: EventFacts) -> tuple[WebhookEvent, bool]:
    """The event's row, and whether it is new. Events are told apart by Stripe's id."""
    defaults = {"type": facts.type[:80], "payload": facts.payload, "received_at": now()}
    return WebhookEvent.objects.get_or_create(event_id=facts.id, defaults=defaults)


def start_payment(*, order: Order, return_url: str) -> Payment:
    """A new attempt, its idempotency key and all that Stripe will be told stored before Stripe is called."""
    moment = now()
    return Payment.objects.create(
        order=order,
        key=uuid.uuid4().hex,
        amount=order.total,
        currency=order.currency,
        return_url=return_url,
        created_at=moment,
        expires_at=moment + SESSION_LIFE,
    )


def start_transfer(*, order: Order, expires_at: datetime) -> Payment:
    """A bank transfer that is waited for."""
    return Payment.objects.create(
        order=order,
        method=Payment.Method.BANK,
        state=Payment.State.PROCESSING,
        key=uuid.uuid4().hex,
        amount=order.total,
        currency=order.currency,
        created_at=now(),
        expires_at=expires_at,
    )


@transaction.atomic
def set_bank_account(*, currency: str, details: str, days: int, is_on: bool, actor: Any) -> BankAccount:
    """Where to transfer to in a currency. Orders that wait keep what they were told. Raises ValueError for the person."""
    if currency not in CURRENCIES or not 1 <= days <= 30 or (is_on and not details.strip()):
        raise ValueError(_("Write down the account, and wait 1 to 30 days."))
    former = BankAccount.objects.select_for_update().filter(currency=currency).first()
    before = {"details": former.details, "days": former.days, "is_on": former.is_on} if former else None
    after = {"details": details.strip(), "days": days, "is_on": is_on}
    row = BankAccount.objects.update_or_create(currency=currency, defaults=after)[0]
    if before != after:
        audit.record(actor=actor, action="bank.account", target=f"bank:{currency}", before=before, after=after)
    return row


def note_session(*, payment: Payment, session: Session) -> None:
    """Stripe's page for this attempt is open."""
    payment.session_id, payment.url, payment.expires_at = session.id, session.url, session.expires_at
    if payment.state == Payment.State.STARTED:
        payment.state = Payment.State.OPEN
    payment.save(update_fields=["session_id", "url", "expires_at", "state"])


def move_payment(*, payment: Payment, state: str) -> None:
    """Into a state other than succeeded."""
    payment.state = Payment.State(state)
    payment.save(update_fields=["state"])


def record_payment(*, payment: Payment, session: Session) -> None:
    """The money is there: what was captured, by which card, for which fee (where it is in the payment's currency)."""
    payment.session_id, payment.provider_id = session.id, session.intent_id or None
    payment.amount, payment.currency = session.amount, session.currency
    payment.fingerprint, payment.url = session.fingerprint, ""
    payment.state, payment.settled_at = Payment.State.SUCCEEDED, now()
    note_fee(payment=payment, session=session)
    payment.save()


def void_receipt(*, payment: Payment) -> None:
    """A transfer was written down wrongly: the bank's number is free for the right entry."""
    payment.state, payment.provider_id, payment.session_id = Payment.State.FAILED, None, f"taken-back:{payment.pk}"
    payment.save(update_fields=["state", "provider_id", "session_id"])


def note_fee(*, payment: Payment, session: Session) -> None:
    """Stripe's fee, which may be known later than the payment."""
    if session.movement and session.movement.currency == payment.currency and payment.fee != session.movement.fee:
        payment.fee = session.movement.fee
        if payment.pk:
            payment.save(update_fields=["fee"])


def start_refund(
    *,
    payment: Payment,
    amount: int,
    shipping: tuple[int, int] = (0, 0),
    parts: Parts | None = None,
    actor: Any = None,
    reason: str = "",
    key: str = "",
    message: str = "",
) -> Refund:
    """A refund with its lines and key, stored before Stripe is called. The payment must be locked.

    `shipping` and the `parts` are (net, tax) in minor units.
    The same key gives the refund that is there. Raises TooMuch where pending and succeeded refunds would exceed what
    was captured (I11).
    """
    known = Refund.objects.filter(key=key).first() if key else None
    if known is not None:
        return known
    left = refundable(payment)
    if amount > left:
        raise TooMuch(amount, left)
    refund = Refund.objects.create(
        payment=payment,
        key=key or uuid.uuid4().hex,
        amount=amount,
        shipping_amount=sum(shipping),
        shipping_tax=shipping[1],
        currency=payment.currency,
        reason=reason[:300],
        message=message,
        requested_by=actor,
        created_at=now(),
    )
    _write_lines(refund, parts or {})
    return refund


def adopt_refund(*, payment: Payment, facts: RefundFacts, shipping: tuple[int, int], parts: Parts) -> Refund:
    """A refund that was made elsewhere, such as in Stripe's dashboard."""
    refund = Refund.objects.create(
        payment=payment,
        key=f"stripe:{facts.id}"[:64],
        provider_id=facts.id,
        amount=facts.amount,
        shipping_amount=sum(shipping),
        shipping_tax=shipping[1],
        currency=facts.currency,
        created_at=now(),
    )
    _write_lines(refund, parts)
    return refund


def _write_lines(refund: Refund, parts: Parts) -> None:
    RefundLine.objects.bulk_create(
        RefundLine(refund=refund, component=part, net=net, tax=tax) for part, (net, tax) in parts.items()
    )


def record_refund(*, refund: Refund, facts: RefundFacts) -> None:
    """Where the refund stands now."""
    refund.provider_id, refund.state = facts.id, Refund.State(facts.state)
    if refund.state not in (Refund.State.PENDING, Refund.State.REQUIRES_ACTION):
        refund.settled_at = refund.settled_at or now()
    refund.save(update_fields=["provider_id", "state", "settled_at"])


def name_account(*, refunds: QuerySet[Refund], account: str) -> int:
    """Where these refunds are to be transferred. How many there were."""
    return refunds.update(account=account[:400])


def drop_refund(*, refund: Refund) -> None:
    """Stripe refused it: nothing happened, and nothing will by this key."""
    refund.state, refund.settled_at = Refund.State.FAILED, now()
    refund.save(update_fields=["state", "settled_at"])


@transaction.atomic
def record_dispute(*, payment: Payment, facts: DisputeFacts) -> tuple[Dispute, str]:
    """The dispute as it stands, and the state it was in before ('' for a new one). What is closed never opens again."""
    dispute, created = Dispute.objects.get_or_create(
        provider_id=facts.id,
        defaults={
            "payment": payment,
            "amount": facts.amount,
            "currency": facts.currency,
            "state": "",
            "opened_at": facts.opened_at,
        },
    )
    before = "" if created else dispute.state
    if before and before not in Dispute.OPEN | Dispute.INQUIRY and facts.status in Dispute.OPEN | Dispute.INQUIRY:
        return dispute, before
    dispute.state, dispute.amount, dispute.reason, dispute.evidence_due = (
        facts.status,
        facts.amount,
        facts.reason[:60],
        facts.evidence_due,
    )
    if facts.status not in Dispute.OPEN | Dispute.INQUIRY and dispute.closed_at is None:
        dispute.closed_at = now()
    dispute.save()
    return dispute, before


def record_movement(*, movement: Movement, about: str = "") -> BalanceTransaction:
    """Keep a movement of Stripe's balance, once. Call it in the transaction that posts it to the clearing account."""
    defaults = {
        "type": movement.type[:60],
        "amount": movement.amount,
        "fee": movement.fee,
        "currency": movement.currency,
        "source": movement.source,
        "about": about,
        "at": movement.at,
    }
    return BalanceTransaction.objects.get_or_create(provider_id=movement.id, defaults=defaults)[0]


def note_listed(*, provider_ids: Collection[str]) -> None:
    """Stripe's list holds these movements."""
    BalanceTransaction.objects.filter(provider_id__in=provider_ids).update(listed_at=now())
