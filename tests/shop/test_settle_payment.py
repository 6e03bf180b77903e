"""A payment's way into the books, by webhooks over HTTP."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from courses.access import active_enrolment
from courses.models import Enrolment
from kit.clock import now
from kit.models import OutboxMessage
from notices.models import Notice
from shop.fulfilment.models import Shipment
from shop.ledger.reads import balance, trial_balance
from shop.orders.models import Order
from shop.payments.models import Payment, Refund, WebhookEvent
from stock.flows import set_on_hand
from stock.models import Reservation, StockItem
from tests.shop.till import Till, snapshot

pytestmark = pytest.mark.django_db


def test_a_paid_order_hands_over_everything_at_once(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    payment = order.payments.get()
    assert (payment.state, payment.amount) == (Payment.State.SUCCEEDED, 59900)
    assert payment.fingerprint
    assert payment.fee > 0
    assert active_enrolment(student, bundle.course) is not None
    assert Shipment.objects.get(order=order).lines.get().quantity == 1
    assert OutboxMessage.objects.filter(topic="order.paid.mail", key=order.holder).count() == 1
    assert {item.ref: (item.reserved, item.allocated) for item in StockItem.objects.all()} == {
        "sku:UKE-S@main": (0, 1),
        bundle.bundles.get().components.get(kind="seat").stock_ref: (0, 1),
    }


def test_the_ledger_shows_revenue_by_kind_and_stripes_fee(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    assert {row.account: row.natural for row in trial_balance()} == {
        "stripe_clearing": 59900 - order.payments.get().fee,
        "stripe_fees": order.payments.get().fee,
        "revenue:seat": 46900,
        "revenue:stock": 13000,
    }


def test_tax_and_delivery_have_accounts_of_their_own(till: Till, bundle: Any, student: Any, settings: Any) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 500
    order = till.bought(bundle, user=student, shipping=1500)
    assert order.total == 61400
    assert balance("revenue:shipping", "CNY") == -(1500 - 71)
    assert balance("tax_payable", "CNY") == -order.tax == -(2852 + 71)
    assert balance("revenue:seat", "CNY") + balance("revenue:stock", "CNY") == -(59900 - 2852)


def test_a_guest_gets_an_unproven_account_and_a_link_to_claim_it(till: Till, bundle: Any, mailoutbox: Any) -> None:
    order = till.bought(bundle)
    assert order.user is not None
    assert not order.user.has_usable_password()
    assert not order.user.emailaddress_set.get().verified
    assert active_enrolment(order.user, bundle.course) is not None
    mail = next(message for message in mailoutbox if message.to == ["guest@demo.test"] and order.number in message.subject)
    assert "/accounts/login/code/" in mail.body


@pytest.mark.parametrize(("chosen", "kept"), [("", "en"), ("zh-hans", "zh-hans")])
def test_who_never_chose_a_language_is_written_to_in_the_one_they_bought_in(
    chosen: str, kept: str, till: Till, bundle: Any, student: Any
) -> None:
    User.objects.filter(pk=student.pk).update(language=chosen)
    student.refresh_from_db()
    till.bought(bundle, user=student, language="en")
    student.refresh_from_db()
    assert student.language == kept


def test_the_basket_is_emptied_only_by_paying(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    order = till.place(basket=basket, user=student)
    assert basket.lines.count() == 1
    till.pay(order)
    till.deliver()
    assert basket.lines.count() == 0


def test_the_success_address_alone_enrols_nobody(till: Till, bundle: Any, student: Any, client_of: Any) -> None:
    order = till.place(bundle, user=student)
    till.begin(order)
    client_of(student).get(order.payments.get().return_url.removeprefix("http://127.0.0.1:8000"))
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING
    assert not Enrolment.objects.exists()


def test_fault_02_two_event_types_for_one_payment_are_one_fulfilment(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    kinds = till.deliver()
    assert {"payment_intent.succeeded", "checkout.session.completed"} <= set(kinds)
    assert Enrolment.objects.count() == 1
    assert Shipment.objects.count() == 1
    assert balance("revenue:seat", "CNY") == -46900


@pytest.mark.parametrize(
    "order_of_events",
    [["checkout.session.completed", "payment_intent.succeeded"], ["payment_intent.succeeded", "checkout.session.completed"]],
)
def test_events_in_any_order_lead_to_the_same_state(till: Till, bundle: Any, student: Any, order_of_events: list[str]) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    taken = {event["type"]: (body, signature) for body, signature, event in till.stand_in.take_webhooks()}
    till.post(*taken[order_of_events[0]])
    after_first = snapshot()
    till.post(*taken[order_of_events[1]])
    assert snapshot() == after_first
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_fault_04_a_signed_event_about_something_unknown_is_parked(till: Till, db: None) -> None:
    till.stand_in.send_event("checkout.session.completed", {"id": "cs_test_unknown", "object": "checkout.session"})
    till.stand_in.send_event("refund.created", {"id": "re_unknown", "object": "refund"})
    till.deliver()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {WebhookEvent.State.PARKED}
    assert not Order.objects.exists()


def test_a_payment_that_is_not_ours_is_parked(till: Till, db: None) -> None:
    from shop.payments import stripe

    request = stripe.SessionRequest(
        key="someone-else",
        order_number="X",
        currency="CNY",
        items=[stripe.Item("X", 100)],
        email="x@demo.test",
        language="en",
        expires_at=now() + timedelta(minutes=40),
        success_url="http://testserver/",
        cancel_url="http://testserver/",
    )
    till.stand_in.pay(stripe.create_session(request).id)
    for body, signature, _event in till.stand_in.take_webhooks():
        assert till.post(body, signature).status_code == 204
    states = dict(WebhookEvent.objects.values_list("type", "state"))
    assert states["checkout.session.completed"] == WebhookEvent.State.PARKED
    assert states["charge.succeeded"] == WebhookEvent.State.IGNORED


def test_fault_08_paid_after_the_hold_with_stock_left_is_fulfilled(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    session_id = till.pay(order)
    _end_hold(order)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert order.ended_at is None
    assert active_enrolment(student, bundle.course) is not None
    assert session_id


def test_fault_08_paid_after_the_hold_with_nothing_left_is_refunded_once(
    till: Till, bundle: Any, student: Any, owner: Any, mailoutbox: Any
) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    _end_hold(order)
    set_on_hand(ref="sku:UKE-S@main", on_hand=0)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    refund = Refund.objects.get()
    assert (refund.state, refund.amount) == (Refund.State.SUCCEEDED, 59900)
    assert not Enrolment.objects.exists()
    assert balance("revenue:seat", "CNY") == balance("suspense", "CNY") == 0
    assert Notice.objects.filter(user=owner, kind="money").count() == 1
    assert [message.to for message in mailoutbox if order.number in message.subject].count([student.email]) == 1
    before = snapshot()
    for event in till.stand_in.events("checkout.session.completed"):
        till.stand_in.duplicate(event["id"])
    till.deliver()
    assert snapshot() == before


def _end_hold(order: Order) -> None:
    """As if the release job had ended it a moment before the payment was made known."""
    from stock.flows import release

    release(holder=order.holder)
    order.payments.update(state=Payment.State.EXPIRED)
    Order.objects.filter(pk=order.pk).update(state=Order.State.EXPIRED, ended_at=order.placed_at)


def test_two_payments_of_one_order_are_one_fulfilment_and_one_refund(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    first = till.begin(order)
    Payment.objects.filter(session_id=first).update(expires_at=order.placed_at)  # as if its page had nearly run out
    second = till.begin(order)
    assert first != second
    till.stand_in.pay(first)
    till.stand_in.pay(second)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Refund.objects.get().amount == 59900
    assert balance("revenue:seat", "CNY") == -46900
    assert Enrolment.objects.count() == 1


def test_fault_11_completed_but_unpaid_hands_over_nothing_and_keeps_the_hold(
    till: Till, bundle: Any, student: Any, clock: Any
) -> None:
    from shop.checkout.flows import release_expired_orders

    order = till.place(bundle, user=student)
    till.stand_in.delay_payment(till.begin(order))
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PROCESSING
    assert order.hold_until > now() + timedelta(hours=23)
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {order.hold_until}
    assert not Enrolment.objects.exists()
    assert not Shipment.objects.exists()
    for _day in range(4):
        clock.advance(hours=25)
        release_expired_orders()
    assert StockItem.objects.get(ref="sku:UKE-S@main").reserved == 1
    till.stand_in.settle(order.payments.get().session_id, ok=True)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Enrolment.objects.count() == 1


def test_fault_12_a_delayed_payment_that_fails_frees_everything_and_the_buyer_may_retry(
    till: Till, bundle: Any, student: Any, mailoutbox: Any
) -> None:
    order = till.place(bundle, user=student)
    session_id = till.begin(order)
    till.stand_in.delay_payment(session_id)
    till.deliver()
    till.stand_in.settle(session_id, ok=False)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    assert StockItem.objects.get(ref="sku:UKE-S@main").reserved == 0
    assert any(order.number in message.subject for message in mailoutbox)
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert list(order.payments.order_by("pk").values_list("state", flat=True)) == ["failed", "succeeded"]


@pytest.mark.parametrize("change", [{"amount": 100}, {"currency": "TWD"}])
def test_fault_13_another_amount_or_currency_goes_to_review(
    till: Till, bundle: Any, student: Any, owner: Any, change: dict[str, Any]
) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    order.payments.update(**change)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.REVIEW
    assert not Enrolment.objects.exists()
    assert not Shipment.objects.exists()
    assert balance("suspense", "CNY") == -59900
    assert Notice.objects.filter(user=owner, kind="money").count() == 1
    assert not Refund.objects.exists()


def test_a_declined_card_leaves_the_page_open(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    session_id = till.begin(order)
    till.stand_in.decline(session_id)
    assert "payment_intent.payment_failed" in till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING
    till.stand_in.pay(session_id)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_money_settled_in_another_currency_passes_through_exchange(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    row = next(till.stand_in.world.store.oldest_first("balance_transaction"))
    till.stand_in.world.store.save({**row, "currency": "usd", "amount": 8400, "fee": 300, "net": 8100})
    till.deliver()
    assert balance("stripe_clearing", "CNY") == 0
    assert balance("stripe_clearing", "USD") == 8100
    assert balance("exchange", "CNY") == 59900
    assert balance("exchange", "USD") == -8400
    assert balance("stripe_fees", "USD") == 300
