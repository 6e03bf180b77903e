"""shop.payments.stripe: the gateway, spoken to by the real SDK over HTTP with the stand-in."""

import time
from datetime import timedelta
from typing import Any

import pytest
import stripe as sdk

from kit.clock import now
from kit.money import parse_amount
from shop.payments import stripe
from tests.factories import make_offer, make_sku
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn


def _request(key: str = "key-1", currency: str = "CNY", amount: int = 59900, **more: Any) -> stripe.SessionRequest:
    values = {
        "key": key,
        "order_number": "A1",
        "currency": currency,
        "items": [stripe.Item("Ukulele class", amount)],
        "email": "an@demo.test",
        "language": "zh-hant",
        "expires_at": now() + timedelta(minutes=40),
        "success_url": "http://testserver/ok/",
        "cancel_url": "http://testserver/no/",
    }
    return stripe.SessionRequest(**{**values, **more})


def _paid(stand_in: StandIn, **more: Any) -> Any:
    session = stripe.create_session(_request(**more))
    stand_in.pay(session.id)
    return stripe.read_session(session.id)


def test_the_pinned_version_is_the_one_the_sdk_was_made_for() -> None:
    assert sdk.api_version in (None, stripe.API_VERSION)
    assert sdk._api_version._ApiVersion.CURRENT == stripe.API_VERSION


def test_a_session_is_opened_with_amount_currency_language_and_our_marks(stand_in: StandIn) -> None:
    session = stripe.create_session(_request())
    assert (session.status, session.amount, session.currency, session.payment_key) == ("open", 59900, "CNY", "key-1")
    assert session.url.startswith(stand_in.base)
    raw = stand_in.world.store.find(session.id)
    assert raw is not None
    assert raw["locale"] == "zh-TW"
    assert raw["client_reference_id"] == "A1"


def test_the_same_key_opens_the_same_session(stand_in: StandIn) -> None:
    request = _request()
    assert stripe.create_session(request).id == stripe.create_session(request).id


def test_the_same_key_for_something_else_is_refused(stand_in: StandIn) -> None:
    stripe.create_session(_request())
    with pytest.raises(stripe.StripeRefused):
        stripe.create_session(_request(amount=100))


@pytest.mark.parametrize(
    ("currency", "methods"),
    [("CNY", ["card", "alipay", "wechat_pay"]), ("TWD", ["card"]), ("MYR", ["card", "alipay"]), ("CHF", ["card", "wechat_pay"])],
)
def test_payment_methods_follow_the_currency(stand_in: StandIn, currency: str, methods: list[str]) -> None:
    assert stripe.payment_methods(currency) == methods
    session = stripe.create_session(_request(key=f"key-{currency}", currency=currency))
    raw = stand_in.world.store.find(session.id)
    assert raw is not None
    assert raw["payment_method_types"] == methods


@pytest.mark.parametrize(("currency", "typed"), [("JPY", "500"), ("ISK", "5")])
@pytest.mark.django_db
def test_fault_14_500_yen_and_5_kronur_reach_stripe_as_500(till: Till, currency: str, typed: str) -> None:
    """Yen have no smaller coin; kronur are sent in hundredths of which only whole hundreds exist."""
    offer = make_offer(sku=make_sku(currency=currency), price=parse_amount(typed, currency), currency=currency)
    session = till.stand_in.world.store.find(till.begin(till.place(offer)))
    assert session is not None
    assert (session["amount_total"], session["currency"]) == (500, currency.lower())


def test_a_paid_session_tells_charge_card_and_fee(stand_in: StandIn) -> None:
    session = _paid(stand_in)
    assert session.is_paid
    assert session.intent_id.startswith("pi_")
    assert session.charge_id.startswith("ch_")
    assert session.fingerprint
    assert session.movement.amount == 59900
    assert session.movement.fee > 0


def test_an_unknown_session_is_unknown(stand_in: StandIn) -> None:
    with pytest.raises(stripe.StripeUnknown):
        stripe.read_session("cs_test_nothing")


def test_expiring_reads_back_what_became_of_the_session(stand_in: StandIn) -> None:
    open_one = stripe.create_session(_request())
    assert stripe.expire_session(open_one.id).status == "expired"
    paid = _paid(stand_in, key="key-2")
    assert stripe.expire_session(paid.id).is_paid


def test_a_session_is_found_by_our_mark_and_by_its_intent(stand_in: StandIn) -> None:
    session = _paid(stand_in)
    stripe.create_session(_request(key="key-2"))
    assert stripe.find_session("key-1", email="an@demo.test") == session
    assert stripe.find_session("key-9", email="an@demo.test") is None
    assert stripe.session_of_intent(session.intent_id) == session


def test_a_refund_is_made_once_per_key_and_read_with_its_movement(stand_in: StandIn) -> None:
    session = _paid(stand_in)
    first = stripe.create_refund(intent_id=session.intent_id, amount=13000, key="refund-1")
    again = stripe.create_refund(intent_id=session.intent_id, amount=13000, key="refund-1")
    assert first == again
    assert (first.state, first.amount, first.refund_key) == ("succeeded", 13000, "refund-1")
    assert first.movement is not None
    assert first.movement.amount == -13000
    assert stripe.refunds_of(session.intent_id) == [first]


def test_more_than_was_paid_is_refused(stand_in: StandIn) -> None:
    session = _paid(stand_in)
    with pytest.raises(stripe.StripeRefused, match="amount_too_large"):
        stripe.create_refund(intent_id=session.intent_id, amount=60000, key="refund-1")


def test_fault_24_a_stripe_that_hangs_is_unavailable_within_the_time_allowed(stand_in: StandIn, settings: Any) -> None:
    assert settings.STRIPE_TIMEOUT_SECONDS < 10
    settings.STRIPE_TIMEOUT_SECONDS = 1
    stand_in.time_out_next(5, path="sessions", after_work=False)
    began = time.monotonic()
    with pytest.raises(stripe.StripeUnavailable):
        stripe.create_session(_request())
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_that_decides_nothing_is_unavailable(stand_in: StandIn, status: int) -> None:
    stand_in.fail_next(status, path="sessions")
    with pytest.raises(stripe.StripeUnavailable):
        stripe.create_session(_request())


def test_a_wrong_key_is_no_verdict_on_the_payment(stand_in: StandIn, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "sk_wrong"
    with pytest.raises(stripe.StripeUnavailable):
        stripe.create_session(_request())


def test_nobody_listening_is_unavailable(settings: Any) -> None:
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(stripe.StripeUnavailable):
        stripe.create_session(_request())


def test_events_that_never_arrived_are_listed_oldest_first(stand_in: StandIn) -> None:
    _paid(stand_in)
    stand_in.take_webhooks(delivered=False)
    kinds = [
        event.type
        for event in stripe.undelivered_events(since=now() - timedelta(hours=1), types=["checkout.session.*", "payment_intent.*"])
    ]
    assert kinds == ["payment_intent.created", "payment_intent.succeeded", "checkout.session.completed"]


def test_a_signed_body_is_an_event_and_any_of_our_secrets_will_do(stand_in: StandIn) -> None:
    body, signature, event = (_paid(stand_in), stand_in.take_webhooks())[1][-1]
    assert stripe.verify_event(body, signature).id == event["id"]
    assert stripe.verify_event(body, stand_in.sign(body, secret="whsec_test_old")).id == event["id"]


@pytest.mark.parametrize("damage", ["secret", "body", "old", "future", "none", "no body", "not utf-8"])
def test_a_body_that_stripe_did_not_sign_just_now_is_refused(stand_in: StandIn, damage: str) -> None:
    body, signature, _event = (_paid(stand_in), stand_in.take_webhooks())[1][-1]
    stamp = int(time.time())
    changed = {
        "secret": (body, stand_in.sign(body, secret="whsec_forged")),
        "body": (body.replace(b"59900", b"1"), signature),
        "old": (body, stand_in.sign(body, timestamp=stamp - 301)),
        "future": (body, stand_in.sign(body, timestamp=stamp + 301)),
        "none": (body, ""),
        "no body": (b"", stand_in.sign(b"")),
        "not utf-8": (b"\xff", signature),
    }[damage]
    with pytest.raises(stripe.BadSignature):
        stripe.verify_event(*changed)
