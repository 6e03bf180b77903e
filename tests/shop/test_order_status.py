"""The head of /orders/<number>/: what the bank decides, what waits at a store, what costs nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.checkout.flows import begin_payment
from shop.fulfilment.flows import mark_arrived, ship
from shop.fulfilment.models import Shipment
from shop.orders.links import order_path
from shop.orders.models import Order
from tests.factories import make_cohort, make_coupon, make_course, make_offer, make_sku
from tests.fulfilment.conftest import STORE
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
PACKING = "We are packing your parcel"


def _page(order: Order) -> str:
    return Client().get(f"/en{order_path(order)}").content.decode()


@pytest.fixture
def disputed(till: Till, bundle: Any, student: Any) -> Order:
    order = till.bought(bundle, user=student)
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    return order


def _decide(till: Till, order: Order, won: bool) -> None:
    till.stand_in.close_dispute(order.payments.get().disputes.get().provider_id, won=won)
    till.deliver()


def test_a_disputed_order_waits_for_the_bank_and_promises_no_day(disputed: Order) -> None:
    page = _page(disputed)
    assert "Your bank is examining the payment" in page
    assert "It leaves only when your bank has decided" in page
    assert PACKING not in page
    assert "within two working days" not in page


def test_a_dispute_that_is_won_lets_the_parcel_go_on(till: Till, disputed: Order) -> None:
    _decide(till, disputed, won=True)
    page = _page(disputed)
    assert PACKING in page
    assert "Your bank has decided: the payment stands" in page
    assert "examining" not in page


def test_after_a_lost_dispute_it_is_the_bank_that_gave_the_money_back(till: Till, disputed: Order) -> None:
    _decide(till, disputed, won=False)
    page = _page(disputed)
    assert "Your bank has given the money back to you. What it had paid for has ended." in page
    assert "goes back to where it came from" not in page


def test_the_bank_is_the_buyers_own_to_the_buyer_and_the_buyers_to_the_owner(disputed: Order, owner: Any, client_of: Any) -> None:
    assert "Your bank asks about ¥599" in _page(disputed)
    theirs = client_of(owner).get(f"/en/admin/shop/orders/{disputed.number}/").content.decode()
    assert "The buyer&#x27;s bank asks about ¥599" in theirs


def test_a_parcel_at_the_store_is_ready_to_be_fetched(till: Till, student: Any, packer: Any, client_of: Any) -> None:
    order = till.bought(make_offer(sku=make_sku(small=True)), user=student, delivery=STORE)
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="711", tracking="7001", actor=packer)
    assert "Your parcel has left us." in _page(order)
    mark_arrived(shipment=parcel, actor=packer)
    assert "Your parcel waits for you at the store." in _page(order)
    assert "Ready for pick-up" in client_of(student).get("/en/orders/").content.decode()


def test_lists_ask_for_disputes_and_parcels_once(till: Till, student: Any, owner: Any, client_of: Any) -> None:
    counts = []
    for _more in range(2):
        till.bought(make_offer(sku=make_sku()), user=student)
        for browser, address in ((client_of(student), "/en/orders/"), (client_of(owner), "/en/admin/shop/orders/")):
            browser.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                browser.get(address)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_an_order_of_nothing_is_confirmed_not_paid(till: Till, student: Any) -> None:
    make_coupon("ALL", percent=10000)
    order = till.place(make_offer(cohort=make_cohort(course=make_course())), user=student, coupon="ALL")
    begin_payment(order=order)
    page = _page(order)
    assert "Order confirmed, nothing to pay" in page
    assert "There is nothing to pay, and everything is ready for you." in page
    assert "Payment received" not in page
    assert "It is paid" not in page
