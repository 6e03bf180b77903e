"""/admin/shop/ledger/ and the panel of what needs doing today."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.checkout.admin.reads import books
from shop.checkout.flows import kit_only, refund_order
from shop.fulfilment.flows import create_shipments, print_parcels
from shop.ledger.flows import Posting, post
from shop.orders.models import Order

pytestmark = pytest.mark.django_db
LEDGER = "/admin/shop/ledger/"


def test_the_trial_balance_balances_per_currency(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order = till.bought(bundle)
    refund_order(order=order, components=kit_only(order), actor=owner, reason="x")
    till.deliver()
    post(
        key="yen",
        source="x:1",
        text="Yen",
        entries=[Posting("bank", "JPY", debit=500), Posting("suspense", "JPY", credit=500)],
    )
    assert [(book.currency, book.balances) for book in books()] == [("CNY", True), ("JPY", True)]
    page = client_of(owner).get(LEDGER).content.decode()
    assert page.count("yard-status-bad") == 0
    assert "JP¥500" in page


def test_transactions_are_found_by_account_and_by_order(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    first, second = till.bought(bundle), till.bought(bundle)
    browser = client_of(owner)
    page = browser.get(f"{LEDGER}?q={first.holder}").content.decode()
    assert first.number in page
    assert second.number not in page
    assert first.number not in browser.get(f"{LEDGER}?account=bank").content.decode()
    assert second.number in browser.get(f"{LEDGER}?q={second.number}").content.decode()


def test_the_books_speak_in_words_not_in_codes(till: Any, bundle: Any, owner: Any, client_of: Any) -> None:
    order = till.bought(bundle)
    shown = re.sub(r"<[^>]*>", " ", client_of(owner).get(f"/zh-hant{LEDGER}").content.decode())
    for code in ("revenue:seat", "stripe_clearing", order.holder):
        assert code not in shown


def test_the_books_ask_the_same_for_ten_transactions_and_for_a_thousand(owner: Any, client_of: Any) -> None:
    browser, counts, have = client_of(owner), [], 0
    for wanted in (10, 1000):
        for n in range(have, wanted):
            post(
                key=f"t{n}",
                source=f"x:{n}",
                text="x",
                entries=[Posting("bank", "CNY", debit=1), Posting("suspense", "CNY", credit=1)],
            )
        have = wanted
        browser.get(LEDGER)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LEDGER)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_the_first_page_says_what_needs_doing_by_role(
    till: Any, bundle: Any, owner: Any, packer: Any, teacher: Any, client_of: Any
) -> None:
    waiting, checked = till.bought(bundle), till.bought(bundle)
    Order.objects.filter(pk=checked.pk).update(state="review")
    print_parcels(shipments=create_shipments(order=waiting), actor=None)
    for_owner = client_of(owner).get("/admin/").content.decode()
    assert "/admin/shop/orders/?state=review" in for_owner
    assert "<strong>2</strong> " in for_owner
    for_packer = client_of(packer).get("/admin/").content.decode()
    assert "<strong>2</strong> " in for_packer
    assert "/admin/shop/orders/" not in for_packer
    assert "yard-today" not in client_of(teacher).get("/admin/").content.decode()


def test_returned_goods_that_are_not_refunded_are_shown_with_the_way_to_the_refund(
    till: Any, bundle: Any, owner: Any, packer: Any, client_of: Any
) -> None:
    from shop.fulfilment.flows import inspect_return, mark_delivered, request_return, ship

    order, browser = till.bought(bundle), client_of(owner)
    parcel = order.shipments.get()
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    kit = order.lines.get().components.get(kind="stock")
    inspect_return(ret=request_return(order=order, component=kit), pieces=1, restock=True, seen=0, actor=packer)
    way = f"/admin/shop/orders/{order.number}/refund/?what=kit"
    assert way in browser.get("/admin/shop/troubles/").content.decode()
    refund_order(order=order, components=kit_only(order), actor=owner, reason="came back")
    till.deliver()
    assert way not in browser.get("/admin/shop/troubles/").content.decode()
