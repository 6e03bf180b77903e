"""Taiwan's e-invoice at the checkout: one way or none, checked by its rule, kept with the order; see shop/orders/einvoice.py."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.einvoice import is_citizen_certificate, is_company_number, is_donation_code, is_mobile_barcode
from shop.orders.models import Order
from tests.factories import make_sku
from tests.shop.test_checkout_page import basket_of, filled
from tests.shop.till import Till

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["/ABC1234", "/ABC+123", "/A.C-12+", "/0000000"])
def test_a_slash_and_seven_signs_are_a_mobile_barcode(text: str) -> None:
    assert is_mobile_barcode(text)


@pytest.mark.parametrize("text", ["ABC12345", "/ABC123", "/ABC12345", "/abc1234", "/ABC_123", "/ABC123\n", "/ABC12３4", ""])
def test_anything_else_is_none(text: str) -> None:
    assert not is_mobile_barcode(text)


def test_a_citizen_certificate_is_two_letters_and_fourteen_digits() -> None:
    assert is_citizen_certificate("AB12345678901234")
    for text in ("A112345678901234", "AB1234567890123", "AB123456789012345", "ab12345678901234", "AB1234567890123X"):
        assert not is_citizen_certificate(text), text


def test_a_donation_code_is_three_to_seven_digits() -> None:
    assert all(is_donation_code(text) for text in ("919", "8585", "1234567"))
    assert not any(is_donation_code(text) for text in ("12", "12345678", "X123", "12A", ""))


@pytest.mark.parametrize(
    "text",
    [
        "04595257",  # divisible by ten, as before 2023
        "22099131",
        "04595252",  # by five only
        "10458575",  # seventh digit 7, its 10 counted as 0
        "10458574",  # seventh digit 7, its 10 counted as 1
    ],
)
def test_company_numbers_by_the_rule_of_2023(text: str) -> None:
    assert is_company_number(text)


@pytest.mark.parametrize(
    "text", ["04595258", "04595256", "22099132", "1234567", "123456789", "2209913A", "２２０９９１３１", "10458576", "00000000"]
)
def test_a_wrong_digit_is_seen(text: str) -> None:
    assert not is_company_number(text)


def page_with(client: Client, **values: str) -> str:
    return client.post("/en/checkout/", {**filled(client, **values), "refresh": "yes"}).content.decode()


def test_a_way_asks_for_its_own_field_and_no_other(client: Client) -> None:
    basket_of(client)
    page = client.get("/en/checkout/").content.decode()
    assert "Send it to my e-mail address" in page
    assert "einvoice_value" not in page
    page = page_with(client, einvoice="mobile")
    assert "A slash and seven capital letters" in page
    assert "einvoice_title" not in page
    assert "einvoice_title" in page_with(client, einvoice="company")


def test_outside_taiwan_nobody_is_asked(client: Client) -> None:
    basket_of(client)
    page = page_with(client, country="CN")
    assert 'name="einvoice"' not in page
    assert 'id="einvoice-fields"' in page


def test_who_pays_in_new_taiwan_dollars_is_asked_wherever_they_live(client: Client) -> None:
    basket_of(client, sku=make_sku(code="UKE", currency="TWD"), price=120000, currency="TWD")
    assert 'name="einvoice"' in page_with(client, country="CN")


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({"einvoice": "mobile", "einvoice_value": " /abc+123 "}, {"kind": "mobile", "value": "/ABC+123", "title": ""}),
        (
            {"einvoice": "citizen", "einvoice_value": "ab12345678901234"},
            {"kind": "citizen", "value": "AB12345678901234", "title": ""},
        ),
        ({"einvoice": "donation", "einvoice_value": "９１９"}, {"kind": "donation", "value": "919", "title": ""}),
        (
            {"einvoice": "company", "einvoice_value": "22099131", "einvoice_title": "台積電"},
            {"kind": "company", "value": "22099131", "title": "台積電"},
        ),
    ],
)
def test_what_is_chosen_stays_with_the_order_and_its_invoice(
    client: Client, till: Till, chosen: dict[str, str], kept: dict[str, str]
) -> None:
    basket_of(client)
    assert client.post("/en/checkout/", filled(client, **chosen)).status_code == 303
    order = Order.objects.get()
    assert order.terms["einvoice"] == kept
    till.pay(order)
    till.deliver()
    paper = order.papers.get()
    assert paper.content["einvoice"] == kept
    assert paper.content["buyer"]["tax_number"] == (kept["value"] if kept["kind"] == "company" else "")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"einvoice": "mobile", "einvoice_value": "ABC1234"}, "This is no mobile barcode"),
        ({"einvoice": "citizen", "einvoice_value": "A1"}, "This is no barcode of a citizen certificate"),
        ({"einvoice": "donation", "einvoice_value": "12"}, "This is no donation code"),
        ({"einvoice": "company", "einvoice_value": "22099132", "einvoice_title": "X"}, "This is no company number"),
        ({"einvoice": "company", "einvoice_value": "22099131", "einvoice_title": ""}, "This field is required"),
        ({"einvoice": "mobile", "einvoice_value": ""}, "This field is required"),
    ],
)
def test_a_wrong_code_is_named_and_nothing_is_ordered(client: Client, chosen: dict[str, str], said: str) -> None:
    basket_of(client)
    response = client.post("/en/checkout/", filled(client, **chosen))
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not Order.objects.exists()


def test_no_choice_and_a_code_that_belongs_to_none_mean_the_e_mail(client: Client, stand_in: Any) -> None:
    basket_of(client)
    sent = filled(client, einvoice="", einvoice_value="/ABC1234", einvoice_title="X")
    assert client.post("/en/checkout/", sent).status_code == 303
    assert "einvoice" not in Order.objects.get().terms


def test_another_choice_is_another_order(client: Client, stand_in: Any) -> None:
    basket_of(client)
    sent = filled(client)
    client.post("/en/checkout/", sent)
    client.post("/en/checkout/", {**sent, "einvoice": "donation", "einvoice_value": "919"})
    assert Order.objects.count() == 2
