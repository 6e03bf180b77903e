"""/admin/shop/orders/ and the refund form."""

import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.orders.models import Order
from shop.payments.models import Refund

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/orders/"


def _page(browser: Any, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def _preview(browser: Any, order: Order, query: str) -> dict[str, str]:
    """The hidden fields of the form that the preview offers."""
    page = _page(browser, f"{LIST}{order.number}/refund/?{query}")
    return dict(re.findall(r'<input type="hidden" name="(what|part|amount|key)" value="([^"]*)"', page))


def test_orders_are_found_by_number_and_by_address(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    first, second = till.bought(bundle, email="an@x.test"), till.bought(bundle, email="bo@x.test")
    browser = client_of(owner)
    assert second.number not in _page(browser, f"{LIST}?q=an@x.test")
    assert first.number not in _page(browser, f"{LIST}?q={second.number.lower()}")
    both = _page(browser, f"{LIST}?state=paid")
    assert first.number in both
    assert second.number in both
    assert first.number not in _page(browser, f"{LIST}?state=review")


def test_an_orders_page_tells_all_of_it(till: Any, bundle: Any, owner: Any, client_of: Any, visitor_of_referrer: Any) -> None:
    order = till.bought(bundle, visitor=visitor_of_referrer)
    page = _page(client_of(owner), f"{LIST}{order.number}/")
    for part in (
        "¥599",
        "¥469",
        "¥130",
        "stripe_clearing",
        "revenue%3Aseat",
        "commission_payable",
        "/r/demo/",
        order.email,
        order.shipments.get().number,
        order.payments.get().provider_id,
    ):
        assert part in page, part


def test_the_kit_alone_is_refunded_after_a_preview(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = till.bought(bundle), client_of(owner)
    form = _preview(browser, order, "what=kit")
    assert form["amount"] == "13000"
    assert not Refund.objects.exists()
    browser.post(f"{LIST}{order.number}/refund/", {**form, "reason": "A crack"})
    till.deliver()
    refund = Refund.objects.get()
    assert (refund.amount, refund.state, refund.reason, refund.requested_by) == (
        13000,
        "succeeded",
        "A crack",
        owner,
    )


def test_chosen_parts_and_everything(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = till.bought(bundle), client_of(owner)
    seat = order.lines.get().components.get(kind="seat")
    form = _preview(browser, order, f"what=parts&part={seat.pk}")
    assert form["amount"] == "46900"
    browser.post(f"{LIST}{order.number}/refund/", {**form, "reason": "x"})
    till.deliver()
    assert _preview(browser, order, "what=all")["amount"] == "13000"


def test_a_second_click_is_the_same_refund(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = till.bought(bundle), client_of(owner)
    form = {**_preview(browser, order, "what=kit"), "reason": "x"}
    for _again in range(2):
        browser.post(f"{LIST}{order.number}/refund/", form)
    till.deliver()
    assert Refund.objects.count() == 1


def test_what_changed_since_the_preview_is_not_refunded(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser = till.bought(bundle), client_of(owner)
    stale = _preview(browser, order, "what=all")
    browser.post(f"{LIST}{order.number}/refund/", {**_preview(browser, order, "what=kit"), "reason": "x"})
    till.deliver()
    browser.post(f"{LIST}{order.number}/refund/", {**stale, "reason": "x"})
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("data", [{"reason": ""}, {"what": "parts"}, {"key": "no"}, {"what": "kit", "amount": 1}])
def test_a_form_that_is_not_whole_refunds_nothing(
    data: dict[str, Any], till: Any, bundle: Any, owner: Any, client_of: Any
) -> None:
    order = till.bought(bundle)
    form = {"what": "all", "amount": 59900, "key": uuid.uuid4(), "reason": "x", **data}
    client_of(owner).post(f"{LIST}{order.number}/refund/", form)
    assert not Refund.objects.exists()


def test_names_of_buyers_are_escaped(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order = till.bought(bundle, name="<script>alert(1)</script>")
    for address in (LIST, f"{LIST}{order.number}/"):
        assert "<script>alert(1)" not in _page(client_of(owner), address)


def test_the_list_asks_the_same_for_ten_orders_and_for_a_thousand(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order, browser, counts = till.bought(bundle), client_of(owner), []
    line = order.lines.get()
    for wanted in (10, 1000):
        fields = {field.attname: getattr(order, field.attname) for field in Order._meta.fields if not field.primary_key}
        rows = Order.objects.bulk_create(
            Order(**{**fields, "number": f"CY-{n:08}", "checkout_key": f"copy-{n}", "basket_id": None})
            for n in range(Order.objects.count(), wanted)
        )
        line_fields = {field.attname: getattr(line, field.attname) for field in line._meta.fields if not field.primary_key}
        line.__class__.objects.bulk_create(line.__class__(**{**line_fields, "order_id": row.pk}) for row in rows)
        _page(browser, LIST)
        with CaptureQueriesContext(connection) as queries:
            _page(browser, LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
