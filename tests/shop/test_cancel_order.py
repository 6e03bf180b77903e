"""Cancelling before the parcel leaves, from the order's page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from courses.models import Enrolment
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from shop.catalogue.models import Coupon
from shop.checkout.audit import CHECKS
from shop.checkout.audit.check import look
from shop.checkout.flows import CannotCancel, begin_payment, cancel_order
from shop.checkout.flows.errors import CannotPay
from shop.fulfilment.models import Shipment
from shop.orders import links
from shop.orders.models import BasketLine, Order
from shop.payments.models import Refund
from stock.models import StockItem
from tests.factories import make_coupon
from tests.shop.test_order_page import TO_TAIPEI
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def press(client: Client, order: Order, **values: str) -> str:
    page = client.post(f"/en/checkout/cancel/{order.number}/", values, follow=True)
    return str(page.content.decode())


def kits() -> StockItem:
    return StockItem.objects.get(ref__startswith="sku:UKE-S")


def test_an_unpaid_order_ends_and_gives_back_what_it_held(till: Till, bundle: Any, student: User, client_of: ClientOf) -> None:
    order = till.place(bundle, user=student, delivery=TO_TAIPEI)
    till.begin(order)
    browser = client_of(student)
    assert "Nothing was charged. What is kept for you" in browser.get(f"/en/orders/{order.number}/").content.decode()
    page = press(browser, order)
    assert "The order is cancelled. Nothing was charged." in page
    assert "Cancel this order" not in page
    order.refresh_from_db()
    assert (order.state, kits().reserved) == (Order.State.CANCELLED, 0)
    assert till.stand_in.events("checkout.session.expired")
    assert BasketLine.objects.exists()
    entry = AuditEntry.objects.get(action="order.cancelled")
    assert (entry.actor_id, entry.before, entry.after) == (student.pk, "awaiting", "cancelled")
    with pytest.raises(CannotPay):
        begin_payment(order=order)


def test_a_paid_order_whose_parcel_is_still_here_is_refunded_once(
    till: Till, bundle: Any, student: User, client_of: ClientOf
) -> None:
    order = till.bought(bundle, user=student, delivery=TO_TAIPEI)
    browser = client_of(student)
    assert "All of it, ¥599" in browser.get(f"/en/orders/{order.number}/").content.decode()
    assert "Your money is on its way back" in press(browser, order)
    till.deliver()
    press(browser, order)
    assert [(row.amount, row.state) for row in Refund.objects.all()] == [(59900, "succeeded")]
    assert Enrolment.objects.get().state == "revoked"
    assert Shipment.objects.get().state == "stopped"
    assert kits().allocated == 0


def test_what_has_left_the_house_cannot_be_cancelled(till: Till, bundle: Any, student: User, client_of: ClientOf) -> None:
    order = till.bought(bundle, user=student, delivery=TO_TAIPEI)
    order.lines.get().components.filter(kind="stock").update(shipped=1)
    browser = client_of(student)
    assert "Cancel this order" not in browser.get(f"/en/orders/{order.number}/").content.decode()
    assert "cannot be cancelled any more" in press(browser, order)
    assert not Refund.objects.exists()


def test_after_the_promised_days_it_is_a_question_for_people(till: Till, bundle: Any, student: User, clock: Any) -> None:
    order = till.bought(bundle, user=student, delivery=TO_TAIPEI)
    clock.advance(days=order.terms["refund_days"], minutes=1)
    with pytest.raises(CannotCancel):
        cancel_order(order=order, actor=student)
    assert not Refund.objects.exists()


def test_a_payment_that_arrives_at_that_moment_is_not_lost(till: Till, bundle: Any, student: User) -> None:
    order = till.place(bundle, user=student, delivery=TO_TAIPEI)
    till.pay(order)  # paid on Stripe's page, its webhook still on the way
    with pytest.raises(CannotCancel):
        cancel_order(order=order, actor=student)
    order.refresh_from_db()
    assert order.state == Order.State.PAID


def test_without_stripe_nothing_changes(till: Till, bundle: Any, student: User, client_of: ClientOf, settings: Any) -> None:
    order = till.place(bundle, user=student, delivery=TO_TAIPEI)
    till.begin(order)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    assert "Nothing has changed" in press(client_of(student), order)
    order.refresh_from_db()
    assert (order.state, kits().reserved) == (Order.State.AWAITING, 1)


def test_a_guest_cancels_with_the_signed_link_and_nobody_else_does(
    till: Till, bundle: Any, visitor: User, client_of: ClientOf
) -> None:
    order = till.place(bundle, delivery=TO_TAIPEI)
    for client in (Client(), client_of(visitor)):
        assert client.post(f"/checkout/cancel/{order.number}/", {"key": "made-up"}).status_code == 404
    assert Client().get(f"/checkout/cancel/{order.number}/").status_code == 405
    press(Client(), order, key=links.key_of(order))
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED


def test_an_order_that_cost_nothing_is_cancelled_and_all_that_it_gave_ends(
    till: Till, bundle: Any, student: User, client_of: ClientOf
) -> None:
    make_coupon("GRATIS", percent=10_000, max_uses=1)
    order = till.place(bundle, user=student, delivery=TO_TAIPEI, coupon="GRATIS")
    begin_payment(order=order)
    order.refresh_from_db()
    assert (order.total, order.state) == (0, Order.State.PAID)
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    [letter] = [message for message in mail.outbox if order.number in message.subject]
    assert "is confirmed" in letter.subject
    assert "nothing to pay" in letter.body
    assert "payment" not in letter.body
    browser = client_of(student)
    assert "You paid nothing." in browser.get(f"/en/orders/{order.number}/").content.decode()
    assert "The order is cancelled. Nothing was charged." in press(browser, order)
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED
    assert Enrolment.objects.get().state == "revoked"
    assert Shipment.objects.get().state == "stopped"
    assert [(row.reserved, row.allocated) for row in StockItem.objects.all()] == [(0, 0)] * StockItem.objects.count()
    assert Coupon.objects.get().used == 0
    assert AuditEntry.objects.filter(action="order.cancelled").count() == 1
    assert "cannot be cancelled any more" in press(browser, order)
    assert not Refund.objects.exists()
    assert all(look(check).violations == 0 for check in CHECKS)


def test_a_free_order_whose_kit_has_left_is_not_cancelled(till: Till, bundle: Any, student: User) -> None:
    make_coupon("GRATIS", percent=10_000)
    order = till.place(bundle, user=student, delivery=TO_TAIPEI, coupon="GRATIS")
    begin_payment(order=order)
    order.refresh_from_db()
    order.lines.get().components.filter(kind="stock").update(shipped=1)
    with pytest.raises(CannotCancel):
        cancel_order(order=order, actor=student)
    assert Enrolment.objects.get().state == "active"
