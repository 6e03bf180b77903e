"""Figures stay in their boxes, choices beside their words, buttons apart: the owner's pages and the checkout."""

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User
from shop.payments.flows import set_bank_account
from tests.browser.conftest import SCREENSHOTS, OpenWindow
from tests.browser.street import Street
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import HOME
from tests.shop.till import Till

pytestmark = pytest.mark.django_db(transaction=True)


def _seen(page: Page, address: str, name: str, window: str) -> None:
    page.goto(address)
    page.screenshot(path=SCREENSHOTS / f"{name}-{window}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_figures_fit_and_choices_stand_in_line_with_their_words(
    street: Street, owner: User, teacher: User, open_window: OpenWindow, window: str
) -> None:
    till = Till(street.stand_in)
    offer = make_offer(sku=make_sku(seller=teacher, currency="TWD"), price=12345600, currency="TWD")
    order = till.place(offer, delivery=HOME)
    till.pay(order)
    street.deliver_webhooks()
    page = open_window(owner)
    _seen(page, "/en/admin/shop/numbers/?currency=TWD", "numbers", window)
    assert "123,456" in page.locator(".yard-stat").first.inner_text()
    assert page.locator(".yard-stat").evaluate_all("boxes => boxes.every(box => box.scrollWidth <= box.clientWidth)")
    lines = "texts => texts.every(text => text.getClientRects().length === 1)"
    assert page.locator(".yard-stat strong").evaluate_all(lines)
    _seen(page, f"/en/admin/shop/orders/{order.number}/refund/", "refund", window)
    beside = """labels => labels.every(label => {
        const dot = label.querySelector('input').getBoundingClientRect(), text = document.createRange()
        text.selectNodeContents(label.lastChild)
        return text.getBoundingClientRect().left >= dot.right && text.getBoundingClientRect().top < dot.bottom
    })"""
    radios = page.locator('.yard-form label:has(> [type="radio"])')
    assert radios.count() > 2
    assert radios.evaluate_all(beside)


def test_two_ways_to_pay_stand_apart(
    street: Street, student: User, teacher: User, open_window: OpenWindow, window: str, client_of: Any
) -> None:
    set_bank_account(currency="CNY", details="Bank of Test 123-456", days=5, is_on=True, actor=None)
    offer, page = make_offer(sku=make_sku(seller=teacher)), open_window(student)
    browser: Client = client_of(student)
    browser.post("/basket/add/", {"offer": offer.pk})
    _seen(page, "/en/checkout/", "checkout", window)
    first, second = (page.locator("#pay button").nth(number).bounding_box() for number in (0, 1))
    assert first
    assert second
    assert second["y"] - first["y"] - first["height"] >= 8
