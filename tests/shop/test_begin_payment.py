"""shop.checkout.flows.begin_payment, and what becomes of orders that are not paid."""

import time
from datetime import timedelta
from typing import Any

import pytest

from kit.clock import now
from shop.checkout.flows import CannotPay, PaymentUnavailable, SoldOut, begin_payment, expire_order, release_expired_orders
from shop.orders.models import Order
from shop.payments.models import Payment
from stock.flows import release, set_on_hand
from stock.models import Reservation, StockItem
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
KIT = "sku:UKE-S@main"


def _order(till: Till, bundle: Any, student: Any) -> Order:
    return till.place(bundle, user=student, shipping=1500)


def test_the_payment_page_shows_the_orders_lines_and_delivery(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    url = begin_payment(order=order)
    payment = order.payments.get()
    assert (payment.state, payment.url, payment.amount) == (Payment.State.OPEN, url, 61400)
    items = [(row["description"], row["amount_total"]) for row in till.stand_in.world.store.oldest_first("item")]
    assert items == [("1 × Ukulele class with kit", 59900), ("Delivery", 1500)]


def test_pressing_twice_is_the_same_page(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    assert begin_payment(order=order) == begin_payment(order=order)
    assert Payment.objects.count() == 1


def test_fault_24_stripe_hangs_the_buyer_is_told_in_time_and_the_order_is_kept(
    till: Till, bundle: Any, student: Any, settings: Any
) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 1
    order = _order(till, bundle, student)
    till.stand_in.time_out_next(4, path="sessions", after_work=False)
    began = time.monotonic()
    with pytest.raises(PaymentUnavailable, match="kept"):
        begin_payment(order=order)
    assert time.monotonic() - began < 3
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING
    assert Payment.objects.get().state == Payment.State.STARTED
    assert StockItem.objects.get(ref=KIT).reserved == 1
    assert begin_payment(order=order)
    assert Payment.objects.count() == 1


def test_fault_23_a_page_that_stripe_opened_unheard_is_found_again_by_its_key(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.time_out_next(path="sessions")
    with pytest.raises(PaymentUnavailable):
        begin_payment(order=order)
    begin_payment(order=order)
    assert len(list(till.stand_in.world.store.oldest_first("checkout.session"))) == 1


def test_a_later_retry_looks_the_page_up_by_our_mark(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.time_out_next(path="sessions")
    with pytest.raises(PaymentUnavailable):
        begin_payment(order=order)
    clock.advance(minutes=10)
    begin_payment(order=order)
    assert len(list(till.stand_in.world.store.oldest_first("checkout.session"))) == 1
    assert Payment.objects.get().state == Payment.State.OPEN


def test_an_attempt_that_never_reached_stripe_is_given_up_for_a_new_one(
    till: Till, bundle: Any, student: Any, clock: Any
) -> None:
    order = _order(till, bundle, student)
    till.stand_in.fail_next(500, path="sessions")
    with pytest.raises(PaymentUnavailable):
        begin_payment(order=order)
    clock.advance(minutes=10)
    assert begin_payment(order=order)
    assert list(order.payments.order_by("pk").values_list("state", flat=True)) == ["expired", "open"]


def test_a_paid_order_is_not_paid_again(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    with pytest.raises(CannotPay):
        begin_payment(order=order)


def test_the_events_may_be_quicker_than_our_own_note_of_the_page(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.time_out_next(path="sessions")
    with pytest.raises(PaymentUnavailable):
        begin_payment(order=order)
    session = next(till.stand_in.world.store.oldest_first("checkout.session"))
    till.stand_in.pay(session["id"])
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_fault_10_an_expired_page_gives_the_stock_back_exactly_once(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.expire(till.begin(order))
    assert till.deliver() == ["checkout.session.expired"]
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    assert StockItem.objects.get(ref=KIT).free == 10
    for event in till.stand_in.events("checkout.session.expired"):
        till.stand_in.duplicate(event["id"])
    till.deliver()
    Order.objects.update(hold_until=now() - timedelta(minutes=1))
    assert release_expired_orders() == 0
    assert release(holder=order.holder) == []
    till.check_books()
    assert set(Reservation.objects.values_list("state", flat=True)) == {"released"}


def test_the_release_job_closes_the_page_before_it_gives_anything_back(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = _order(till, bundle, student)
    session_id = till.begin(order)
    assert release_expired_orders() == 0
    Order.objects.update(hold_until=now() - timedelta(minutes=1))
    till.stand_in.fail_next(500, times=9, path="sessions")
    assert release_expired_orders() == 0
    assert StockItem.objects.get(ref=KIT).reserved == 1
    till.stand_in.faults.clear()
    assert release_expired_orders() == 1
    session = till.stand_in.world.store.find(session_id)
    assert session is not None
    assert session["status"] == "expired"
    assert StockItem.objects.get(ref=KIT).reserved == 0


def test_an_order_that_was_never_taken_to_stripe_is_released_too(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = _order(till, bundle, student)
    clock.advance(hours=1)
    assert release_expired_orders() == 1
    order.refresh_from_db()
    assert order.state == Order.State.EXPIRED
    till.check_books()


def test_fault_09_the_release_job_that_finds_a_paid_page_settles_it(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.pay(order)
    Order.objects.update(hold_until=now() - timedelta(minutes=1))
    assert release_expired_orders() == 0
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert not expire_order(order_id=order.pk, at_once=True)
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_an_expired_order_can_be_paid_again_while_stock_is_left(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.expire(till.begin(order))
    till.deliver()
    till.pay(order)
    assert StockItem.objects.get(ref=KIT).reserved == 1
    till.deliver()
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_an_expired_order_whose_goods_are_gone_says_so(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.expire(till.begin(order))
    till.deliver()
    set_on_hand(ref=KIT, on_hand=0)
    with pytest.raises(SoldOut, match="not charged"):
        begin_payment(order=order)
    assert Payment.objects.count() == 1


def test_yesterdays_order_is_closed(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = _order(till, bundle, student)
    clock.advance(hours=25)
    with pytest.raises(CannotPay, match="closed"):
        begin_payment(order=order)


def test_what_stripe_refuses_is_said_and_logged(till: Till, bundle: Any, student: Any) -> None:
    order = _order(till, bundle, student)
    till.stand_in.fail_next(400, path="sessions")
    with pytest.raises(CannotPay):
        begin_payment(order=order)
    assert Payment.objects.get().state == Payment.State.FAILED
