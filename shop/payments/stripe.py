"""The gateway: the one place that speaks to Stripe. Plain values in, plain values out (shop.payments.shapes).

The API version is pinned; nothing is retried by the SDK, because our own idempotency keys are stored before each call
and a caller waits at most settings.STRIPE_TIMEOUT_SECONDS. Keys come from the environment and are never logged.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, TypeVar

import stripe
from django.conf import settings

from kit.clock import now
from shop.payments import shapes

logger = logging.getLogger(__name__)
API_VERSION = "2026-10-28.endive"
TOLERANCE_SECONDS = 300
EXPAND_SESSION = ["payment_intent.latest_charge.balance_transaction"]
EXPAND_REFUND = ["balance_transaction", "failure_balance_transaction"]
# Presentment currencies, read November 2026: https://docs.stripe.com/payments/alipay/accept-a-payment and
# https://docs.stripe.com/payments/wechat-pay/accept-a-payment ("Determine compatibility"). Cards take every currency.
WALLETS = {
    "alipay": frozenset(["CNY", "AUD", "CAD", "EUR", "GBP", "HKD", "JPY", "SGD", "MYR", "NZD", "USD"]),
    "wechat_pay": frozenset(["CNY", "AUD", "CAD", "EUR", "GBP", "HKD", "JPY", "SGD", "USD", "DKK", "NOK", "SEK", "CHF"]),
}
# https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
LOCALES = {"zh-hant": "zh-TW", "zh-hans": "zh", "en": "en"}
Answer = TypeVar("Answer")


class StripeError(Exception):
    """Stripe could not do what was asked. Its text holds Stripe's code, never card or buyer data."""


class StripeUnavailable(StripeError):
    """No answer, or an answer that decides nothing (time-out, 5xx, 409, 429): it may have happened; ask again by key."""


class StripeRefused(StripeError):
    """Stripe said no; nothing happened."""


class StripeUnknown(StripeRefused):
    """Stripe knows no such object."""


class BadSignature(StripeError):
    """The webhook is not Stripe's, or not fresh."""


@dataclass(frozen=True)
class Item:
    """A line on the payment page: its name and what is paid for the whole line, in minor units."""

    name: str
    amount: int


@dataclass(frozen=True)
class SessionRequest:
    """All that a Checkout Session is made from. Kept the same for the same key, or Stripe refuses the retry."""

    key: str
    order_number: str
    currency: str
    items: Sequence[Item]
    email: str
    language: str
    expires_at: datetime
    success_url: str
    cancel_url: str


def payment_methods(currency: str) -> list[str]:
    """Kinds of payment that may pay in this currency, cards first."""
    return ["card", *(name for name, takes in WALLETS.items() if currency in takes)]


def create_session(request: SessionRequest) -> shapes.Session:
    """Open Stripe's payment page. The same key gives the same session. Raises StripeUnavailable, StripeRefused."""
    marks = {"order": request.order_number, "payment": request.key}
    methods = payment_methods(request.currency)
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": [_line(item, request.currency) for item in request.items],
        "allowed_payment_method_types": methods,
        "customer_email": request.email,
        "client_reference_id": request.order_number,
        "metadata": marks,
        # Captured at once, so that the fee is known when the money is: with automatic_async it comes later.
        "payment_intent_data": {"metadata": marks, "capture_method": "automatic"},
        "locale": LOCALES.get(request.language, "auto"),
        "expires_at": int(request.expires_at.timestamp()),
        "success_url": request.success_url,
        "cancel_url": request.cancel_url,
    }
    if "wechat_pay" in methods:
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    options: Any = {"idempotency_key": request.key}
    return shapes.read_session(call(lambda api: api.v1.checkout.sessions.create(params, options)))  # type: ignore[arg-type]


def _line(item: Item, currency: str) -> dict[str, Any]:
    price = {"currency": currency.lower(), "unit_amount": item.amount, "product_data": {"name": item.name}}
    return {"quantity": 1, "price_data": price}


def read_session(session_id: str) -> shapes.Session:
    """The session as it stands now, with intent, charge and balance transaction. Raises StripeUnknown."""
    return shapes.read_session(call(lambda api: api.v1.checkout.sessions.retrieve(session_id, {"expand": EXPAND_SESSION})))


def expire_session(session_id: str) -> shapes.Session:
    """End an open session, then read it back: what is returned may be paid, where the buyer was quicker."""
    try:
        call(lambda api: api.v1.checkout.sessions.expire(session_id))
    except StripeRefused:
        logger.info("session could not be expired; reading it back")
    return read_session(session_id)


def session_of_intent(intent_id: str) -> shapes.Session | None:
    """The session that a PaymentIntent belongs to, or None."""
    found = call(lambda api: api.v1.checkout.sessions.list({"payment_intent": intent_id, "limit": 1}))
    return read_session(found["data"][0]["id"]) if found["data"] else None


def find_session(payment_key: str, *, email: str) -> shapes.Session | None:
    """The session that was made with this payment key, for a call whose answer never came; None where there is none."""
    query: Any = {"customer_details": {"email": email}, "limit": 100}
    for row in _pages(lambda api, page: api.v1.checkout.sessions.list(_page(query, page))):
        if (row.get("metadata") or {}).get("payment") == payment_key:
            return read_session(row["id"])
    return None


def create_refund(*, intent_id: str, amount: int, key: str) -> shapes.RefundFacts:
    """Give `amount` minor units of a payment back. The same key gives the same refund.

    Raises StripeUnavailable, StripeRefused.
    """
    params: Any = {"payment_intent": intent_id, "amount": amount, "metadata": {"refund": key}, "expand": EXPAND_REFUND}
    return shapes.read_refund(call(lambda api: api.v1.refunds.create(params, {"idempotency_key": key})))


def refunds_of(intent_id: str) -> list[shapes.RefundFacts]:
    """All refunds of a payment, newest first."""
    query: Any = {"payment_intent": intent_id, "limit": 100, "expand": [f"data.{name}" for name in EXPAND_REFUND]}
    return [shapes.read_refund(row) for row in _pages(lambda api, page: api.v1.refunds.list(_page(query, page)))]


def disputes_of(intent_id: str) -> list[shapes.DisputeFacts]:
    """All disputes of a payment, newest first, with the money moved so far.

    https://docs.stripe.com/api/disputes/list
    """
    query: Any = {"payment_intent": intent_id, "limit": 100}
    return [shapes.read_dispute(row) for row in _pages(lambda api, page: api.v1.disputes.list(_page(query, page)))]


def upload_evidence(paper: IO[bytes]) -> str:
    """Give Stripe a paper for a dispute; its id there. It binds nobody before `submit_evidence` names it.

    PDF, JPEG or PNG of 5 MB at most. Raises StripeUnavailable, StripeRefused. https://docs.stripe.com/file-upload
    """
    params: Any = {"purpose": "dispute_evidence", "file": paper}
    return str(call(lambda api: api.v1.files.create(params))["id"])


def submit_evidence(dispute_id: str, *, texts: Mapping[str, str], key: str) -> shapes.DisputeFacts:
    """Answer a dispute for good: Stripe passes `texts` (its names, each 20,000 characters at most, or the id of a file)
    on to the bank at once.

    The same key gives the same answer. Raises StripeUnavailable, StripeRefused (past the deadline, answered before).
    https://docs.stripe.com/api/disputes/update
    """
    params: Any = {"evidence": dict(texts), "submit": True}
    return shapes.read_dispute(call(lambda api: api.v1.disputes.update(dispute_id, params, {"idempotency_key": key})))


def balance_transactions(*, since: datetime | None = None, payout_id: str = "") -> list[shapes.Movement]:
    """Movements of our balance, oldest first, with what moved them: since a moment, or those that a payout took out.

    https://docs.stripe.com/api/balance_transactions/list
    """
    query: dict[str, Any] = {"limit": 100, "expand": ["data.source"]}
    if since is not None:
        query["created"] = {"gte": int(since.timestamp())}
    if payout_id:
        query["payout"] = payout_id
    rows = list(_pages(lambda api, page: api.v1.balance_transactions.list(_page(query, page))))
    return [movement for row in reversed(rows) if (movement := shapes.read_movement(row))]


def undelivered_events(*, since: datetime, types: Sequence[str]) -> list[shapes.EventFacts]:
    """Events that never reached us, oldest first (https://docs.stripe.com/webhooks/process-undelivered-events)."""
    query: Any = {"delivery_success": False, "types": list(types), "created": {"gte": int(since.timestamp())}, "limit": 100}
    rows = list(_pages(lambda api, page: api.v1.events.list(_page(query, page))))
    return [shapes.read_event(row) for row in reversed(rows)]


def verify_event(body: bytes, signature: str) -> shapes.EventFacts:
    """The event in a webhook's raw body, once any of our secrets proves that Stripe signed it within five minutes.

    Several secrets are valid while one is being replaced. The age is judged by our clock, which moves together with
    the stand-in's. Raises BadSignature. https://docs.stripe.com/webhooks#verify-manually
    """
    if not any(_signed(body, signature, secret) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise BadSignature("no secret of ours made this signature")
    try:
        sent_at = next(int(part[2:]) for part in signature.split(",") if part.startswith("t="))
        if abs(now().timestamp() - sent_at) > TOLERANCE_SECONDS:
            raise BadSignature("the signature is too old or from the future")
        return shapes.read_event(json.loads(body))
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise BadSignature("the body is no event") from error


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


@lru_cache(maxsize=4)
def _client(key: str, base: str, seconds: float) -> stripe.StripeClient:
    """Connecting and waiting for the answer together stay within `seconds`."""
    patience = min(2.0, seconds / 2)
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": base, "files": base} if base else {},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(patience, seconds - patience)),
    )


def call(work: Callable[[stripe.StripeClient], Any]) -> dict[str, Any]:
    """Do it, and turn the SDK's answers and errors into ours."""
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_TIMEOUT_SECONDS)
    try:
        return work(client).to_dict()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise StripeUnavailable(type(error).__name__) from error
    except stripe.StripeError as error:
        status, code = error.http_status or 500, error.code or type(error).__name__
        if status >= 500 or status in (409, 429):
            raise StripeUnavailable(code) from error
        if code == "account_invalid":
            raise StripeUnknown(code) from error  # a connected account that has left us
        if status in (401, 403):
            # A wrong or revoked key is ours to mend, and decides nothing about the payment.
            logger.error("Stripe does not accept our key", extra={"stripe_code": code})
            raise StripeUnavailable(code) from error
        raise (StripeUnknown if status == 404 else StripeRefused)(code) from error


def _page(query: dict[str, Any], page: dict[str, str]) -> Any:
    return {**query, **page}


def _pages(listing: Callable[[stripe.StripeClient, dict[str, str]], Any]) -> Iterator[dict[str, Any]]:
    """All rows of a list, page by page, newest first."""
    page: dict[str, str] = {}
    while True:
        answer = call(lambda api: listing(api, page))  # noqa: B023  (called at once)
        yield from answer["data"]
        if not answer["has_more"] or not answer["data"]:
            return
        page = {"starting_after": answer["data"][-1]["id"]}
