"""The Stripe stand-in's API, spoken to by the official SDK, unpatched."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from tests.stripe_stand_in import StandIn
from tests.stripe_stand_in.cards import fingerprint


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(webhook_secret="whsec_test") as stand_in:
        yield stand_in


@pytest.fixture
def client(stand_in: StandIn) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_1", base_addresses={"api": stand_in.base})


def session_params(amount: int = 159900, currency: str = "twd", **more: Any) -> Any:
    product = {"name": "Ukulele", "description": "Course and kit"}
    line = {"quantity": 1, "price_data": {"currency": currency, "unit_amount": amount, "product_data": product}}
    return {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://shop.test/done?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://shop.test/basket",
        "payment_intent_data": {"metadata": {"order": "17"}},
        **more,
    }


def paid_intent(stand_in: StandIn, client: stripe.StripeClient, amount: int = 159900, currency: str = "twd") -> str:
    session = stand_in.pay(client.v1.checkout.sessions.create(session_params(amount, currency)).id)
    return str(session["payment_intent"])


def types(stand_in: StandIn) -> list[str]:
    return [event["type"] for _, _, event in stand_in.take_webhooks()]


def refusal(call: Any, *arguments: Any) -> stripe.StripeError:
    with pytest.raises(stripe.StripeError) as caught:
        call(*arguments)
    return caught.value


def test_a_paid_session_leads_to_intent_charge_and_fee(stand_in: StandIn, client: stripe.StripeClient) -> None:
    params = session_params(customer_email="ana@example.com", client_reference_id="17", metadata={"order": "17"})
    session = client.v1.checkout.sessions.create(params)
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.url == f"{stand_in.base}/c/pay/{session.id}"
    stand_in.pay(session.id)
    paths = ["line_items", "payment_intent.latest_charge.balance_transaction"]
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": paths})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.amount_total == 159900
    assert paid.customer_details
    assert paid.customer_details.email == "ana@example.com"
    assert paid.line_items
    assert paid.line_items.data[0].description == "Ukulele"
    intent: Any = paid.payment_intent
    assert (intent.status, intent.metadata["order"], intent.amount_received) == ("succeeded", "17", 159900)
    fee = 159900 * 29 // 1000 + 30
    balance = intent.latest_charge.balance_transaction
    assert (balance.type, balance.amount, balance.fee, balance.net) == ("charge", 159900, fee, 159900 - fee)
    assert types(stand_in) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    assert client.v1.checkout.sessions.list({"payment_intent": intent.id}).data[0].id == session.id
    found = client.v1.payment_intents.search({"query": "metadata['order']:'17' AND status:'succeeded'"})
    assert [row.id for row in found.data] == [intent.id]


def test_the_fingerprint_follows_the_card_number(stand_in: StandIn, client: stripe.StripeClient) -> None:
    for card in ("4242424242424242", "5555555555554444", "4242 4242 4242 4242"):
        stand_in.pay(client.v1.checkout.sessions.create(session_params()).id, card=card)
    details: list[Any] = [charge.payment_method_details for charge in client.v1.charges.list().data]
    prints = [detail.card.fingerprint for detail in details]
    assert prints == [fingerprint("4242424242424242"), fingerprint("5555555555554444"), fingerprint("4242424242424242")]


def test_amounts_obey_their_currency(client: stripe.StripeClient) -> None:
    def create(amount: int, currency: str) -> Any:
        return client.v1.payment_intents.create({"amount": amount, "currency": currency})

    assert create(500, "jpy").amount == 500
    assert create(500, "isk").amount == 500
    assert create(5120, "kwd").amount == 5120
    for amount, currency, code in [
        (550, "isk", "invalid_charge_amount_no_decimal_compatible"),
        (5124, "kwd", "invalid_amount"),
        (100, "zzz", "invalid_currency"),
        (-5, "usd", "parameter_invalid_integer"),
        (49, "usd", "amount_too_small"),
        (10**9, "usd", "amount_too_large"),
    ]:
        assert refusal(create, amount, currency).code == code, currency


def test_parameters_that_stripe_does_not_know_are_refused(client: stripe.StripeClient) -> None:
    create = client.v1.checkout.sessions.create
    error: Any = refusal(create, session_params(sucess_url="x"))
    assert (error.code, error.param, error.http_status) == ("parameter_unknown", "sucess_url", 400)
    assert isinstance(error, stripe.InvalidRequestError)
    assert refusal(create, session_params(payment_method_types=["card"])).code == "payment_method_types_no_longer_supported"
    assert refusal(create, session_params(client_reference_id="")).code == "parameter_invalid_empty"
    assert refusal(create, session_params(customer_email="nobody")).code == "email_invalid"
    assert refusal(create, session_params(expand=["bad"])).http_status == 400
    assert refusal(create, session_params(discounts=[{"coupon": "x"}])).code == "parameter_not_played"
    older: Any = {"stripe_version": "2025-09-30.clover"}
    assert create(session_params(payment_method_types=["card"]), older).payment_method_types == ["card"]


def test_payment_methods_follow_the_currency(client: stripe.StripeClient) -> None:
    def methods(**params: Any) -> list[str]:
        return client.v1.checkout.sessions.create(session_params(**params)).payment_method_types

    assert methods(currency="twd") == ["card"]
    assert methods(currency="cny") == ["card", "alipay", "wechat_pay"]
    assert methods(currency="cny", allowed_payment_method_types=["card", "alipay"]) == ["card", "alipay"]
    assert "currency" in str(refusal(lambda: methods(allowed_payment_method_types=["alipay"])))


def test_a_session_lives_between_half_an_hour_and_a_day(stand_in: StandIn, client: stripe.StripeClient) -> None:
    now = int(time.time())
    for expires_at in (now + 60, now + 2 * 86400):
        error: Any = refusal(client.v1.checkout.sessions.create, session_params(expires_at=expires_at))
        assert error.param == "expires_at"
    session = client.v1.checkout.sessions.create(session_params(expires_at=now + 1800))
    stand_in.clock_offset = 1801
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert types(stand_in) == ["checkout.session.expired"]
    again: Any = refusal(client.v1.checkout.sessions.expire, session.id)
    assert again.http_status == 400


def test_a_decline_leaves_the_session_open_for_another_try(stand_in: StandIn, client: stripe.StripeClient) -> None:
    session = client.v1.checkout.sessions.create(session_params())
    declined = stand_in.pay(session.id, card="4000000000009995")
    intent = client.v1.payment_intents.retrieve(declined["payment_intent"])
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error
    assert intent.last_payment_error.decline_code == "insufficient_funds"
    assert "payment_intent.payment_failed" in types(stand_in)
    assert stand_in.pay(session.id)["payment_intent"] == intent.id
    assert [charge.status for charge in client.v1.charges.list({"payment_intent": intent.id}).data] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("ok", "last"),
    [
        (True, "checkout.session.async_payment_succeeded"),
        (False, "checkout.session.async_payment_failed"),
    ],
)
def test_a_delayed_payment_completes_unpaid_and_settles_later(
    stand_in: StandIn,
    client: stripe.StripeClient,
    ok: bool,
    last: str,
) -> None:
    session = client.v1.checkout.sessions.create(session_params())
    waiting = stand_in.delay_payment(session.id)
    assert (waiting["status"], waiting["payment_status"]) == ("complete", "unpaid")
    assert types(stand_in)[-2:] == ["payment_intent.processing", "checkout.session.completed"]
    settled = stand_in.settle(session.id, ok=ok)
    assert settled["payment_status"] == ("paid" if ok else "unpaid")
    assert types(stand_in)[-1] == last


def test_intents_confirm_capture_and_cancel(client: stripe.StripeClient) -> None:
    intents = client.v1.payment_intents
    held = intents.create(
        {"amount": 5000, "currency": "usd", "capture_method": "manual", "confirm": True, "payment_method": "pm_card_visa"}
    )
    assert (held.status, held.amount_capturable) == ("requires_capture", 5000)
    assert intents.capture(held.id, {"amount_to_capture": 3000}).amount_received == 3000
    again: Any = {"amount": 5000, "currency": "usd", "confirm": True, "payment_method": held.payment_method}
    assert intents.create(again).status == "succeeded"
    refused: Any = refusal(intents.cancel, held.id)
    assert refused.code == "payment_intent_unexpected_state"
    open_one = intents.create({"amount": 5000, "currency": "usd", "metadata": {"a": "1", "b": "2"}})
    assert intents.update(open_one.id, {"metadata": {"a": "", "c": "3"}}).metadata.to_dict() == {"b": "2", "c": "3"}
    declined: Any = refusal(intents.confirm, open_one.id, {"payment_method": "pm_card_chargeDeclined"})
    assert isinstance(declined, stripe.CardError)
    assert declined.code == "card_declined"
    assert declined.error
    assert declined.error.decline_code == "generic_decline"
    assert intents.cancel(open_one.id).status == "canceled"
    made = len(intents.list().data)
    confirm: Any = {"amount": 5000, "currency": "usd", "confirm": True, "payment_method": "pm_none"}
    assert refusal(intents.create, confirm).code == "resource_missing"
    assert len(intents.list().data) == made


def test_lists_page_by_cursor_and_filter_by_time(stand_in: StandIn, client: stripe.StripeClient) -> None:
    made = [client.v1.payment_intents.create({"amount": 100 + n, "currency": "usd"}).id for n in range(5)]
    first = client.v1.payment_intents.list({"limit": 2})
    assert ([row.id for row in first.data], first.has_more) == ([made[4], made[3]], True)
    assert [row.id for row in first.auto_paging_iter()] == made[::-1]
    before = client.v1.payment_intents.list({"limit": 2, "ending_before": made[1]})
    assert [row.id for row in before.data] == [made[3], made[2]]
    stand_in.clock_offset = 3600
    late = client.v1.payment_intents.create({"amount": 900, "currency": "usd"})
    since = client.v1.payment_intents.list({"created": {"gte": int(time.time()) + 1800}})
    assert [row.id for row in since.data] == [late.id]


def test_the_same_key_gives_the_same_answer_and_refuses_other_parameters(
    stand_in: StandIn,
    client: stripe.StripeClient,
) -> None:
    intent = paid_intent(stand_in, client)
    options: Any = {"idempotency_key": "refund-1"}
    first = client.v1.refunds.create({"payment_intent": intent, "amount": 100}, options)
    again = client.v1.refunds.create({"payment_intent": intent, "amount": 100}, options)
    assert again.id == first.id
    assert again.last_response
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.refunds.list({"payment_intent": intent}).data) == 1
    error = refusal(client.v1.refunds.create, {"payment_intent": intent, "amount": 200}, options)
    assert isinstance(error, stripe.IdempotencyError)
    stand_in.clock_offset = 25 * 3600
    late = client.v1.refunds.create({"payment_intent": intent, "amount": 200}, options)
    assert late.id != first.id


def test_keys_and_addresses_are_checked(stand_in: StandIn, client: stripe.StripeClient) -> None:
    stranger = stripe.StripeClient("sk_live_1", base_addresses={"api": stand_in.base})
    assert isinstance(refusal(stranger.v1.charges.list), stripe.AuthenticationError)
    missing: Any = refusal(client.v1.payment_intents.retrieve, "pi_none")
    assert (missing.http_status, missing.code, missing.param) == (404, "resource_missing", "intent")
    assert "does not play" in str(refusal(client.v1.products.list))


def test_calls_fail_hang_and_time_out_on_order(stand_in: StandIn, client: stripe.StripeClient) -> None:
    intent = paid_intent(stand_in, client)
    stand_in.fail_next(500)
    assert isinstance(refusal(client.v1.balance.retrieve), stripe.APIError)
    stand_in.fail_next(429)
    assert isinstance(refusal(client.v1.balance.retrieve), stripe.RateLimitError)
    stand_in.time_out_next(path="/v1/refunds")
    options: Any = {"idempotency_key": "once"}
    lost = refusal(client.v1.refunds.create, {"payment_intent": intent, "amount": 100}, options)
    assert isinstance(lost, stripe.APIConnectionError)
    found = client.v1.refunds.create({"payment_intent": intent, "amount": 100}, options)
    assert [refund.id for refund in client.v1.refunds.list({"payment_intent": intent}).data] == [found.id]
    stand_in.hang_next(0.3)
    started = time.monotonic()
    client.v1.balance.retrieve()
    assert time.monotonic() - started >= 0.3


def test_a_call_takes_a_few_milliseconds(stand_in: StandIn, client: stripe.StripeClient) -> None:
    intent = paid_intent(stand_in, client)
    times = []
    for _ in range(100):
        started = time.perf_counter()
        client.v1.payment_intents.retrieve(intent)
        times.append(time.perf_counter() - started)
    assert statistics.median(times) < 0.015
