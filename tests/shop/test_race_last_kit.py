"""Races of buyers and staff, each with the control that shows what the lock is for."""

import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.models import QuerySet

import stock.flows.holding
from kit.clock import now
from shop.checkout.flows import (
    CannotRefund,
    SoldOut,
    begin_payment,
    kit_only,
    process_event,
    refund_order,
    release_expired_orders,
    settle,
)
from shop.orders.models import Basket, Order
from shop.payments import flows as payments
from shop.payments.flows import store_event
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.stripe import verify_event
from stock.flows import set_on_hand
from stock.models import Reservation, StockItem
from tests.factories import make_user
from tests.shop.crowd import at_once, oversold
from tests.shop.till import Till

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 20
KIT = "sku:UKE-S@main"


def _rush(till: Till, bundle: Any) -> list[Any]:
    """Twenty people press "buy" at once for the one kit left; each goes on to Stripe's page if there is an order."""
    set_on_hand(ref=KIT, on_hand=StockItem.objects.get(ref=KIT).reserved + 1)
    buyers = [(make_user(), till.basket(bundle)) for _n in range(BUYERS)]

    def buy(user: Any, basket: Basket) -> Callable[[], Order]:
        def work() -> Order:
            order = till.place(basket=basket, user=user, key=uuid.uuid4().hex)
            begin_payment(order=order)
            return order

        return work

    return at_once([buy(user, basket) for user, basket in buyers])


def test_fault_05_twenty_buyers_for_the_last_kit_one_wins_and_nobody_else_is_charged(till: Till, bundle: Any) -> None:
    answers = _rush(till, bundle)
    winners = [answer for answer in answers if isinstance(answer, Order)]
    losers = [answer for answer in answers if isinstance(answer, SoldOut)]
    assert (len(winners), len(losers)) == (1, BUYERS - 1), answers
    assert all("not charged" in str(loser) for loser in losers)
    assert Order.objects.count() == Payment.objects.count() == 1
    till.stand_in.pay(winners[0].payments.get().session_id)
    till.deliver()
    winners[0].refresh_from_db()
    assert winners[0].state == Order.State.PAID
    assert len(list(till.stand_in.world.store.oldest_first("charge"))) == 1


@pytest.fixture
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stock is read without FOR UPDATE, and the database's own last line of defence is down."""
    monkeypatch.setattr(
        stock.flows.holding, "lock_rows", lambda rows, ids: {row.pk: row for row in rows.filter(pk__in=list(ids)).order_by("pk")}
    )
    with oversold():
        yield


def test_control_without_the_lock_the_last_kit_is_sold_more_than_once(till: Till, bundle: Any, without_the_lock: None) -> None:
    for _attempt in range(3):  # on a busy machine one may be through before the next begins
        answers = _rush(till, bundle)
        if sum(isinstance(answer, Order) for answer in answers) > 1:
            return
    pytest.fail(f"without the lock, too, one kit was sold once: {answers}")


def test_fault_15_two_refunds_at_once_never_exceed_what_was_captured(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    answers = at_once([lambda: refund_order(order=order, actor=owner, reason="twice") for _n in range(4)])
    refunds = [answer for answer in answers if isinstance(answer, Refund)]
    refused = [answer for answer in answers if isinstance(answer, CannotRefund)]
    assert (len(refunds), len(refused)) == (1, 3), answers
    till.deliver()
    assert len(list(till.stand_in.world.store.oldest_first("refund"))) == 1
    assert Refund.objects.count() == 1


def test_fault_15_the_payment_itself_refuses_more_than_is_left(till: Till, bundle: Any, student: Any) -> None:
    payment = till.bought(bundle, user=student).payments.get()
    payments.start_refund(payment=payment, amount=40000)
    with pytest.raises(payments.TooMuch):
        payments.start_refund(payment=payment, amount=20000)


def test_control_without_the_lock_two_refunds_pass_the_check(
    till: Till, bundle: Any, student: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are read without FOR UPDATE, and each waits a moment between the check and the write."""
    order = till.bought(bundle, user=student)
    honest = payments.refundable

    def slowly(payment: Payment) -> int:
        left = honest(payment)
        time.sleep(0.3)
        return left

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(payments, "refundable", slowly)
    at_once([lambda: refund_order(order=order, actor=owner, reason="twice") for _n in range(4)])
    assert Refund.objects.count() > 1


def test_fault_09_the_release_job_and_the_payment_at_once_never_lose_the_payment(till: Till, bundle: Any, student: Any) -> None:
    for _round in range(4):
        order = till.place(bundle, user=make_user())
        till.pay(order)
        Order.objects.filter(pk=order.pk).update(hold_until=now() - timedelta(minutes=1))
        taken = till.stand_in.take_webhooks()
        posts = [partial(till.post, item[0], item[1]) for item in taken]
        answers = at_once([release_expired_orders, *posts, release_expired_orders])
        assert not [answer for answer in answers if isinstance(answer, Exception)], answers
        order.refresh_from_db()
        assert order.state == Order.State.PAID
        assert order.shipments.count() == 1
        till.check_books()


def test_the_payment_page_is_opened_once_however_often_it_is_asked_for_at_once(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    answers = at_once([lambda: begin_payment(order=order) for _n in range(6)])
    assert len(set(answers)) == 1, answers
    assert Payment.objects.count() == 1
    assert len(list(till.stand_in.world.store.oldest_first("checkout.session"))) == 1


def test_the_same_form_sent_twice_at_once_is_one_order(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    answers = at_once([lambda: till.place(basket=basket, user=student, key="form").pk for _n in range(6)])
    assert len(set(answers)) == 1, answers
    assert Order.objects.count() == 1
    assert Reservation.objects.count() == 2


def test_a_refund_and_its_webhooks_at_once_are_one_refund(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund_order(order=order, components=kit_only(order), actor=None, reason="")
    taken = till.stand_in.take_webhooks()
    at_once([partial(till.post, item[0], item[1]) for item in taken for _twice in range(3)])
    till.check_books()
    assert Refund.objects.get().amount == 13000


def test_one_event_processed_by_many_workers_at_once_has_one_effect(till: Till, bundle: Any, student: Any) -> None:
    """No control: each effect has a key of its own besides the lock, so that it stays single even without the lock."""
    order = till.place(bundle, user=student)
    till.pay(order)
    for body, signature, _event in till.stand_in.take_webhooks():
        store_event(facts=verify_event(body, signature))
    ids = list(WebhookEvent.objects.values_list("pk", flat=True))
    at_once([partial(process_event, event_id=pk) for pk in ids for _worker in range(3)])
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert order.shipments.count() == 1
    assert not WebhookEvent.objects.exclude(state__in=["done", "ignored"]).exists()
    till.check_books()


def _ended_while_paying(till: Till, bundle: Any, student: Any, monkeypatch: pytest.MonkeyPatch) -> Order:
    """The release job is slow between its decision and its write; meanwhile the buyer tries again and pays."""
    order = till.place(bundle, user=student)
    till.stand_in.expire(till.begin(order))
    till.stand_in.take_webhooks()
    order.payments.update(expires_at=now())
    Order.objects.filter(pk=order.pk).update(hold_until=now() - timedelta(minutes=1))

    def slow_now() -> Any:
        if sys._getframe(1).f_code.co_name == "end_unpaid":
            time.sleep(1.5)
        return now()

    def pay() -> None:
        time.sleep(0.4)
        till.stand_in.pay(till.begin(order))
        for body, signature, _event in till.stand_in.take_webhooks():
            till.post(body, signature)

    monkeypatch.setattr(settle, "now", slow_now)
    at_once([release_expired_orders, pay])
    order.refresh_from_db()
    return order


def test_fault_09_a_payment_while_the_job_ends_the_order_wins(
    till: Till, bundle: Any, student: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _ended_while_paying(till, bundle, student, monkeypatch).state == Order.State.PAID
    till.check_books()


def test_control_without_the_lock_the_job_overwrites_the_payment(
    till: Till, bundle: Any, student: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    assert _ended_while_paying(till, bundle, student, monkeypatch).state == Order.State.EXPIRED
