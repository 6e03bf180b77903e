"""The Stripe stand-in's refunds, disputes, accounts, transfers and payouts: the balance always adds up."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import stripe

from tests.stripe_stand_in import StandIn
from tests.stripe_stand_in.cards import REFUND_FAILS, REFUND_PENDING


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(webhook_secret="whsec_test") as stand_in:
        yield stand_in


@pytest.fixture
def client(stand_in: StandIn) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_1", base_addresses={"api": stand_in.base})


def charge_of(stand_in: StandIn, client: stripe.StripeClient, card: str = "4242424242424242", **price: Any) -> Any:
    """A paid charge, its events already taken."""
    price = {"currency": "usd", "unit_amount": 10000, **price}
    line = {"price_data": {**price, "product_data": {"name": "Kit"}}}
    params: Any = {"mode": "payment", "line_items": [line], "success_url": "http://shop.test/"}
    intent = stand_in.pay(client.v1.checkout.sessions.create(params).id, card=card)["payment_intent"]
    stand_in.take_webhooks()
    return client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge"]}).latest_charge


def types(stand_in: StandIn) -> list[str]:
    return [event["type"] for _, _, event in stand_in.take_webhooks()]


def code_of(call: Any, *arguments: Any) -> str | None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        call(*arguments)
    return caught.value.code


def balance_of(client: stripe.StripeClient, currency: str = "usd") -> int:
    return next(row.amount for row in client.v1.balance.retrieve().available if row.currency == currency)


def test_refunds_never_exceed_what_was_captured(stand_in: StandIn, client: stripe.StripeClient) -> None:
    charge = charge_of(stand_in, client)
    first = client.v1.refunds.create(
        {"charge": charge.id, "amount": 6000, "reason": "requested_by_customer", "metadata": {"order": "17"}}
    )
    assert (first.status, first.metadata and first.metadata["order"]) == ("succeeded", "17")
    assert types(stand_in) == ["refund.created", "charge.refunded"]
    assert code_of(client.v1.refunds.create, {"charge": charge.id, "amount": 4001}) == "amount_too_large"
    rest = client.v1.refunds.create({"payment_intent": charge.payment_intent})
    assert rest.amount == 4000
    assert code_of(client.v1.refunds.create, {"charge": charge.id}) == "charge_already_refunded"
    whole = client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (whole.refunded, whole.amount_refunded) == (True, 10000)
    assert whole.refunds
    assert [refund.id for refund in whole.refunds.data] == [rest.id, first.id]
    rows = client.v1.balance_transactions.list({"source": rest.id}).data
    assert [(row.type, row.net) for row in rows] == [("refund", -4000)]
    assert balance_of(client) == -320


def test_a_pending_refund_uses_balance_until_it_fails(stand_in: StandIn, client: stripe.StripeClient) -> None:
    charge = charge_of(stand_in, client)
    stand_in.next_refund("pending")
    refund = client.v1.refunds.create({"charge": charge.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert code_of(client.v1.refunds.create, {"charge": charge.id}) == "charge_already_refunded"
    stand_in.finish_refund(refund.id, "failed")
    assert types(stand_in) == ["refund.created", "charge.refunded", "refund.updated", "refund.failed"]
    failed = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    given_back: Any = failed.failure_balance_transaction
    assert (failed.status, given_back.type, given_back.amount) == ("failed", "refund_failure", 10000)
    assert client.v1.refunds.create({"charge": charge.id}).status == "succeeded"


def test_refunds_can_wait_for_the_customer_and_be_cancelled(stand_in: StandIn, client: stripe.StripeClient) -> None:
    charge = charge_of(stand_in, client)
    stand_in.next_refund("requires_action")
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 100})
    assert (refund.status, refund.next_action and refund.next_action.type) == ("requires_action", "display_details")
    assert client.v1.refunds.cancel(refund.id).status == "canceled"
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert code_of(client.v1.refunds.cancel, refund.id) == "refund_unexpected_state"


def test_test_cards_make_refunds_pend_or_fail_afterwards(stand_in: StandIn, client: stripe.StripeClient) -> None:
    pending = client.v1.refunds.create({"charge": charge_of(stand_in, client, REFUND_PENDING).id})
    assert pending.status == "pending"
    assert stand_in.finish_refund(pending.id)["status"] == "succeeded"
    failing = client.v1.refunds.create({"charge": charge_of(stand_in, client, REFUND_FAILS).id})
    assert failing.status == "succeeded"
    assert client.v1.refunds.retrieve(failing.id).status == "failed"


@pytest.mark.parametrize("won", [True, False])
def test_a_dispute_takes_the_money_and_gives_it_back_if_won(
    stand_in: StandIn,
    client: stripe.StripeClient,
    won: bool,
) -> None:
    charge = charge_of(stand_in, client)
    before = balance_of(client)
    dispute = stand_in.open_dispute(charge.id, reason="product_not_received")
    assert types(stand_in) == ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.updated"]
    assert balance_of(client) == before - 10000 - 1500
    assert code_of(client.v1.refunds.create, {"charge": charge.id}) == "charge_disputed"
    answered = client.v1.disputes.update(dispute["id"], {"evidence": {"shipping_tracking_number": "TW1"}})
    assert (answered.status, answered.evidence_details.has_evidence) == ("under_review", True)
    stand_in.close_dispute(dispute["id"], won=won)
    back = ["charge.dispute.funds_reinstated"] if won else []
    assert types(stand_in) == ["charge.dispute.updated", *back, "charge.dispute.closed"]
    assert balance_of(client) == before - 1500 - (0 if won else 10000)
    closed = client.v1.disputes.list({"charge": charge.id}).data[0]
    rows = [(row.type, row.reporting_category) for row in closed.balance_transactions]
    assert closed.status == ("won" if won else "lost")
    assert rows == [("adjustment", "dispute"), ("adjustment", "dispute_reversal")][: 2 if won else 1]


def test_evidence_and_cards_of_the_test_book_decide_disputes(stand_in: StandIn, client: stripe.StripeClient) -> None:
    charge_of(stand_in, client, "4000000000000259")
    dispute = client.v1.disputes.list().data[0]
    assert dispute.reason == "fraudulent"
    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert client.v1.disputes.retrieve(dispute.id).status == "won"
    warning = stand_in.warn_of_fraud(str(dispute.charge))
    assert client.v1.radar.early_fraud_warnings.retrieve(warning["id"]).charge == dispute.charge
    assert types(stand_in)[-1] == "radar.early_fraud_warning.created"


def test_customers_are_kept_found_and_deleted(stand_in: StandIn, client: stripe.StripeClient) -> None:
    ana = client.v1.customers.create({"email": "ana@example.com", "name": "Ana", "metadata": {"user": "9"}})
    assert client.v1.customers.update(ana.id, {"phone": "+886 912"}).phone == "+886 912"
    assert [row.id for row in client.v1.customers.list({"email": "ana@example.com"}).data] == [ana.id]
    assert client.v1.customers.delete(ana.id).deleted
    assert client.v1.customers.retrieve(ana.id).deleted
    assert not client.v1.customers.list().data
    assert types(stand_in) == ["customer.created", "customer.updated", "customer.deleted"]


def test_transfers_need_funds_and_can_be_reversed_once(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express", "country": "GB", "email": "lin@example.com"})
    send: Any = {
        "amount": 5000,
        "currency": "usd",
        "destination": account.id,
        "transfer_group": "payout:3",
        "metadata": {"payout": "3"},
    }
    assert code_of(client.v1.transfers.create, send) == "balance_insufficient"
    stand_in.top_up(8000, "usd")
    transfer = client.v1.transfers.create(send)
    assert (transfer.amount, balance_of(client)) == (5000, 3000)
    reversal = client.v1.transfers.reversals.create(transfer.id, {"amount": 2000})
    assert (reversal.amount, client.v1.transfers.retrieve(transfer.id).reversed) == (2000, False)
    client.v1.transfers.reversals.create(transfer.id)
    assert code_of(client.v1.transfers.reversals.create, transfer.id) == "transfer_already_reversed"
    gone = client.v1.transfers.list({"destination": account.id}).data[0]
    assert (gone.reversed, gone.amount_reversed, len(gone.reversals.data), balance_of(client)) == (True, 5000, 2, 8000)
    rows = [row.type for row in client.v1.balance_transactions.list({"currency": "usd"}).data]
    assert rows == ["transfer_refund", "transfer_refund", "transfer", "topup"]
    assert types(stand_in)[1:] == ["transfer.created", "transfer.reversed", "transfer.reversed"]


def test_an_express_account_is_ready_once_its_owner_has_told_all(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express", "country": "GB"})
    assert (account.payouts_enabled, account.capabilities.transfers) == (False, "inactive")  # type: ignore[union-attr]
    back: Any = {
        "account": account.id,
        "type": "account_onboarding",
        "return_url": "http://a.test/",
        "refresh_url": "http://a.test/",
    }
    page = requests.get(client.v1.account_links.create(back).url, timeout=5)
    assert "Set up payouts" in page.text
    assert requests.post(page.url, timeout=5, allow_redirects=False).headers["Location"] == "http://a.test/"
    again = client.v1.accounts.retrieve(account.id)
    assert (again.payouts_enabled, again.capabilities.transfers) == (True, "active")  # type: ignore[union-attr]
    assert types(stand_in) == ["account.updated"]
    assert code_of(client.v1.accounts.create, {"type": "express", "country": "TW"}) == "country_unsupported"


def test_a_transfer_can_draw_on_a_charge_but_not_beyond_it(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express"})
    charge = charge_of(stand_in, client)
    send: Any = {"amount": 6000, "currency": "usd", "destination": account.id, "source_transaction": charge.id}
    client.v1.transfers.create(send)
    assert code_of(client.v1.transfers.create, send) == "amount_too_large"


def test_an_account_that_cuts_us_off_takes_no_more_calls(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "standard", "metadata": {"user": "9"}})
    stand_in.change_account(account.id, payouts_enabled=False)
    assert client.v1.accounts.retrieve(account.id).payouts_enabled is False
    stand_in.deauthorize(account.id)
    events = [event for _, _, event in stand_in.take_webhooks()]
    assert [(event["type"], event["account"]) for event in events] == [
        ("account.updated", account.id),
        ("account.application.deauthorized", account.id),
    ]
    with pytest.raises(stripe.PermissionError):
        client.v1.charges.list(options={"stripe_account": account.id})


def test_a_connected_account_sees_its_own_things_only(stand_in: StandIn, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "standard"})
    theirs: Any = {"stripe_account": account.id}
    intent = client.v1.payment_intents.create({"amount": 500, "currency": "usd"}, theirs)
    assert [row.id for row in client.v1.payment_intents.list(options=theirs).data] == [intent.id]
    assert not client.v1.payment_intents.list().data
    assert code_of(client.v1.payment_intents.retrieve, intent.id) == "resource_missing"
    assert stand_in.take_webhooks()[-1][2]["account"] == account.id


def test_an_automatic_payout_names_its_transactions(stand_in: StandIn, client: stripe.StripeClient) -> None:
    first, second = charge_of(stand_in, client), charge_of(stand_in, client)
    client.v1.refunds.create({"charge": first.id, "amount": 1000})
    payout = stand_in.make_payout("usd")
    rows = client.v1.balance_transactions.list({"payout": payout["id"], "limit": 100}).data
    assert sum(row.net for row in rows) == 0
    assert {str(row.source) for row in rows} >= {first.id, second.id, payout["id"]}
    assert payout["amount"] == 20000 - 2 * 320 - 1000
    stand_in.move_payout(payout["id"], "paid")
    stand_in.move_payout(payout["id"], "failed")
    assert types(stand_in)[-4:] == ["payout.created", "payout.reconciliation_completed", "payout.paid", "payout.failed"]
    failed = client.v1.payouts.retrieve(payout["id"])
    assert (failed.status, failed.failure_code, balance_of(client)) == ("failed", "account_closed", payout["amount"])


def test_payouts_by_hand_obey_the_bank(stand_in: StandIn, client: stripe.StripeClient) -> None:
    stand_in.top_up(10050, "twd")
    assert code_of(client.v1.payouts.create, {"amount": 10050, "currency": "twd"}) == "invalid_amount"
    assert code_of(client.v1.payouts.create, {"amount": 20000, "currency": "twd"}) == "balance_insufficient"
    payout = client.v1.payouts.create({"amount": 10000, "currency": "twd", "metadata": {"run": "1"}})
    assert client.v1.payouts.list({"status": "pending"}).data[0].id == payout.id
    assert client.v1.payouts.cancel(payout.id).status == "canceled"
    assert balance_of(client, "twd") == 10050
    automatic = stand_in.make_payout("twd")
    rows = client.v1.balance_transactions.list({"payout": automatic["id"], "limit": 100}).data
    assert (automatic["amount"], sum(row.net for row in rows), balance_of(client, "twd")) == (10000, 0, 50)
