"""What Stripe's objects mean to us: plain values, read from plain dictionaries. Currencies are upper case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Movement:
    """A balance transaction: `amount` (gross, negative for money that leaves) and `fee` in the settlement currency.

    `source` is what moved the money (a charge, refund, dispute, payout …); `intent_id` the payment that it belongs to
    where it was asked for.
    """

    id: str
    amount: int
    fee: int
    currency: str
    type: str
    at: datetime
    source: str = ""
    intent_id: str = ""


@dataclass(frozen=True)
class Session:
    """A Checkout Session with what became of its payment.

    status: open | complete | expired; payment_status: paid | unpaid | no_payment_required; intent_status as Stripe's.
    """

    id: str
    status: str
    payment_status: str
    amount: int
    currency: str
    expires_at: datetime
    url: str = ""
    payment_key: str = ""
    intent_id: str = ""
    intent_status: str = ""
    charge_id: str = ""
    fingerprint: str = ""
    movement: Movement | None = None

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status in ("paid", "no_payment_required")

    @property
    def is_under_way(self) -> bool:
        """Completed by a delayed method whose outcome is still to come."""
        return self.status == "complete" and not self.is_paid and self.intent_status == "processing"

    @property
    def has_failed(self) -> bool:
        return self.status == "complete" and not self.is_paid and not self.is_under_way


@dataclass(frozen=True)
class RefundFacts:
    """state: pending | requires_action | succeeded | failed | cancelled. `made_at` by Stripe's clock, None elsewhere."""

    id: str
    state: str
    amount: int
    currency: str
    intent_id: str
    refund_key: str = ""
    made_at: datetime | None = None
    movement: Movement | None = None
    failure_movement: Movement | None = None


@dataclass(frozen=True)
class DisputeFacts:
    """status as Stripe's: needs_response, under_review, warning_needs_response …, won, lost, prevented.

    `evidence`: the texts that were submitted, by Stripe's names; empty before.
    """

    id: str
    status: str
    amount: int
    currency: str
    reason: str
    intent_id: str
    opened_at: datetime
    evidence_due: datetime | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True)
class EventFacts:
    """An event, with the id of the object it is about and the whole payload."""

    id: str
    type: str
    object_id: str
    payload: dict[str, Any] = field(repr=False)


def read_movement(data: Any) -> Movement | None:
    """None where the balance transaction does not exist yet, or was not expanded."""
    if not isinstance(data, Mapping):
        return None
    source = data.get("source")
    opened = source if isinstance(source, Mapping) else {}
    return Movement(
        id=data["id"],
        amount=data["amount"],
        fee=data["fee"],
        currency=data["currency"].upper(),
        type=data["type"],
        at=datetime.fromtimestamp(data["created"], UTC),
        source=_id_of(source),
        intent_id=_id_of(opened.get("payment_intent")),
    )


def read_session(data: Facts) -> Session:
    """From a session with payment_intent.latest_charge.balance_transaction expanded, or as it comes."""
    intent = data.get("payment_intent")
    intent_id = intent if isinstance(intent, str) else (intent or {}).get("id", "")
    intent = intent if isinstance(intent, Mapping) else {}
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, Mapping) else {}
    return Session(
        id=data["id"],
        status=data.get("status") or "",
        payment_status=data.get("payment_status") or "",
        amount=data.get("amount_total") or 0,
        currency=(data.get("currency") or "").upper(),
        expires_at=datetime.fromtimestamp(data["expires_at"], UTC),
        url=data.get("url") or "",
        payment_key=(data.get("metadata") or {}).get("payment", ""),
        intent_id=intent_id or "",
        intent_status=intent.get("status") or "",
        charge_id=charge.get("id") or "",
        fingerprint=_fingerprint(charge.get("payment_method_details") or {}),
        movement=read_movement(charge.get("balance_transaction")),
    )


def _fingerprint(details: Facts) -> str:
    """Stripe's name for a card or wallet: the same for the same card in any account."""
    method = details.get(details.get("type") or "") or {}
    return (method.get("fingerprint") or "")[:64]


def read_refund(data: Facts) -> RefundFacts:
    return RefundFacts(
        id=data["id"],
        state="cancelled" if data["status"] == "canceled" else data["status"],
        amount=data["amount"],
        currency=data["currency"].upper(),
        intent_id=_id_of(data.get("payment_intent")),
        refund_key=(data.get("metadata") or {}).get("refund", ""),
        made_at=datetime.fromtimestamp(data["created"], UTC),
        movement=read_movement(data.get("balance_transaction")),
        failure_movement=read_movement(data.get("failure_balance_transaction")),
    )


def read_dispute(data: Facts) -> DisputeFacts:
    details = data.get("evidence_details") or {}
    due, submitted = details.get("due_by"), details.get("submission_count")
    texts = {name: text for name, text in (data.get("evidence") or {}).items() if text and isinstance(text, str)}
    return DisputeFacts(
        id=data["id"],
        status=data["status"],
        amount=data["amount"],
        currency=data["currency"].upper(),
        reason=data.get("reason") or "",
        intent_id=_id_of(data.get("payment_intent")),
        opened_at=datetime.fromtimestamp(data["created"], UTC),
        evidence_due=datetime.fromtimestamp(due, UTC) if due else None,
        evidence=texts if submitted else {},
        movements=tuple(movement for row in data.get("balance_transactions") or [] if (movement := read_movement(row))),
    )


def read_event(data: Facts) -> EventFacts:
    about = (data.get("data") or {}).get("object") or {}
    return EventFacts(id=data["id"], type=data["type"], object_id=str(about.get("id") or ""), payload=dict(data))


def _id_of(value: Any) -> str:
    return value if isinstance(value, str) else (value or {}).get("id", "")
