"""A discount code on /checkout/: looked at, frozen on the order, and not to be guessed."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalogue.models import CouponGuess
from shop.orders.models import Order
from stock.models import Reservation
from tests.factories import make_coupon, make_user
from tests.shop.test_checkout_page import basket_of, filled
from tests.shop.till import Till, check_audit
from tests.stripe_stand_in import StandIn

pytestmark = pytest.mark.django_db


def try_code(client: Client, code: str, **values: str) -> Any:
    return client.post("/en/checkout/", filled(client, coupon=code, refresh="yes", **values))


def test_a_code_is_shown_without_javascript_and_frozen_on_the_order(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    make_coupon()
    looked = try_code(client, "save10").content.decode()
    for text in ("Discount SAVE10", "−¥59.90", "Pay ¥539.10 on Stripe", 'value="53910"'):
        assert text in looked, text
    assert not Order.objects.exists()
    data = filled(client, coupon="save10", seen_total="53910")
    assert client.post("/en/checkout/", data).status_code == 303
    order = Order.objects.get()
    assert (order.subtotal, order.discount, order.total) == (59900, 5990, 53910)
    assert client.post("/en/checkout/", data).status_code == 303
    assert Order.objects.count() == 1
    check_audit()


def test_the_orders_page_shows_the_discount(till: Till, bundle: Any, student: Any, client_of: Any) -> None:
    make_coupon()
    order = till.bought(bundle, user=student, coupon="SAVE10")
    page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    for text in ("¥599", "Discount SAVE10", "−¥59.90", "¥539.10"):
        assert text in page, text


def test_paying_without_having_seen_the_discount_shows_it_first(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    make_coupon()
    page = client.post("/en/checkout/", filled(client, coupon="SAVE10")).content.decode()
    assert "The sum has changed" in page
    assert not Order.objects.exists()


def test_a_code_that_is_not_good_stands_beside_its_field_and_nothing_is_ordered(client: Client) -> None:
    basket_of(client)
    for response in (try_code(client, "nonsense"), client.post("/en/checkout/", filled(client, coupon="nonsense"))):
        page = response.content.decode()
        assert "We do not know this code" in page
        assert re.search(r'value="nonsense"[^>]*name="coupon"|name="coupon"[^>]*value="nonsense"', page)
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()


def test_who_comes_back_from_the_payment_page_finds_the_code_again(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    make_coupon(max_uses=1)
    client.post("/en/checkout/", filled(client, coupon="SAVE10", seen_total="53910"))
    page = client.get(f"/en/checkout/?back={Order.objects.get().number}").content.decode()
    assert "Discount SAVE10" in page
    assert (
        client.post("/en/checkout/", filled(client, coupon="SAVE10", seen_total="53910", street="忠孝東路 2 號")).status_code
        == 303
    )
    assert sorted(Order.objects.values_list("state", flat=True)) == ["awaiting", "expired"]
    check_audit()


def test_an_order_that_costs_nothing_goes_straight_to_its_page(client: Client, till: Till) -> None:
    basket_of(client)
    make_coupon(percent=10_000)
    assert "Order now, nothing to pay" in try_code(client, "SAVE10").content.decode()
    response = client.post("/en/checkout/", filled(client, coupon="SAVE10", seen_total="0"), follow=True)
    order = Order.objects.get()
    assert order.state == Order.State.PAID
    assert order.number in response.content.decode()
    till.check_books()


def test_after_ten_wrong_codes_a_minute_even_the_right_one_waits(client: Client, clock: Any) -> None:
    basket_of(client)
    make_coupon()
    for number in range(10):
        assert try_code(client, f"wrong{number}").status_code == 200
    refused = try_code(client, "SAVE10")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 61
    forged = client.post(
        "/en/checkout/", filled(client, coupon="SAVE10", refresh="yes"), headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert forged.status_code == 429
    assert client.post("/en/checkout/", filled(client, refresh="yes")).status_code == 200
    clock.advance(seconds=61)
    assert "Discount SAVE10" in try_code(client, "SAVE10").content.decode()
    assert not CouponGuess.objects.exists()


def test_an_account_is_counted_wherever_it_comes_from_and_good_codes_are_no_guesses(client_of: Any) -> None:
    make_coupon()
    user = make_user()
    browser = client_of(user)
    basket_of(browser)
    for _try in range(12):
        assert try_code(browser, "SAVE10").status_code == 200
    for number in range(10):
        browser.post("/en/checkout/", {"coupon": f"wrong{number}", "refresh": "yes"}, REMOTE_ADDR=f"198.51.100.{number}")
    answer = browser.post("/en/checkout/", {"coupon": "SAVE10", "refresh": "yes"}, REMOTE_ADDR="198.51.100.99")
    assert answer.status_code == 429
