"""A link's code typed at checkout: credited without a cookie, later than any click, and no discount."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import Order
from shop.referrals.flows import create_link, join_programme
from shop.referrals.models import Attribution, Link, Programme
from shop.referrals.replay import decide
from tests.factories import make_coupon, make_user
from tests.shop.test_checkout_coupon import try_code
from tests.shop.test_checkout_page import filled
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db


def pay(till: Till, client: Client, **values: str) -> Order:
    assert client.post("/en/checkout/", filled(client, **values)).status_code == 303
    order = Order.objects.latest("pk")
    till.stand_in.pay(str(order.payments.get().session_id))
    till.deliver()
    order.refresh_from_db()
    return order


def test_the_code_as_typed_credits_its_owner_and_the_receipt_replays(
    till: Till, client: Client, referrer: Any, visitor_of_referrer: Any
) -> None:
    client.post("/basket/add/", {"offer": "ukulele"})
    looked = try_code(client, "DEMO").content.decode()
    assert "whoever recommended us is credited" in looked
    assert "Pay ¥599" in looked
    order = pay(till, client, coupon="DEMO")
    credited = Attribution.objects.get(order=order)
    assert (credited.referrer, credited.link.code if credited.link else "") == (referrer, "demo")
    receipt = credited.receipt
    assert decide({name: value for name, value in receipt.items() if name != "decision"}) == receipt["decision"]
    assert order.discount == 0
    check_audit()


def test_a_typed_code_is_later_than_a_click(till: Till, client: Client, referrer: Any, visitor_of_referrer: Any) -> None:
    other = make_user()
    join_programme(user=other, programme=Programme.objects.get())
    create_link(owner=other, target="/courses/", code="other")
    client.get("/r/demo/")
    client.post("/basket/add/", {"offer": "ukulele"})
    order = pay(till, client, coupon="other")
    assert Attribution.objects.get(order=order).referrer == other


def test_a_code_that_nobody_has_or_of_a_dead_link_is_refused(client: Client, visitor_of_referrer: Any) -> None:
    client.post("/basket/add/", {"offer": "ukulele"})
    Link.objects.update(killed_at="2026-01-01T00:00Z")
    for code in ("demo", "nobody"):
        assert "We do not know this code" in try_code(client, code).content.decode()
        assert client.post("/en/checkout/", filled(client, coupon=code)).status_code == 200
    assert not Order.objects.exists()


def test_a_coupon_of_that_name_is_a_coupon(client: Client, visitor_of_referrer: Any) -> None:
    client.post("/basket/add/", {"offer": "ukulele"})
    make_coupon("DEMO")
    page = try_code(client, "demo").content.decode()
    assert "Discount DEMO" in page
    assert "whoever recommended us" not in page
