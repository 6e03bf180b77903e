"""/admin/shop/prices/: what an offer costs in each currency."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.models import AuditEntry
from shop.catalogue.models import Price
from tests.factories import make_offer

pytestmark = pytest.mark.django_db
PRICES = "/en/admin/shop/prices/"


def _in_force(offer: Any) -> dict[str, int]:
    return dict(Price.objects.filter(offer=offer, valid_to=None).values_list("currency", "amount"))


def test_the_owner_sets_prices_in_several_currencies_and_each_is_in_the_trail(owner: Any, client_of: Any) -> None:
    offer, browser = make_offer(title="Ukulele from zero"), client_of(owner)
    for currency, price in (("TWD", "2,690"), ("JPY", "12500"), ("ISK", "11900"), ("USD", "84.50")):
        assert browser.post(PRICES, {"offer": offer.pk, "currency": currency, "price": price}).status_code == 302
    assert _in_force(offer) == {"CNY": 59900, "TWD": 269000, "JPY": 12500, "ISK": 1190000, "USD": 8450}
    browser.post(PRICES, {"offer": offer.pk, "currency": "TWD", "price": "2,490"})
    line = AuditEntry.objects.filter(action="price.set", actor_id=owner.pk).latest("pk")
    assert (line.before["amount"], line.after["amount"], line.after["currency"]) == (269000, 249000, "TWD")
    assert "NT$2,490" in browser.get(PRICES).content.decode()


@pytest.mark.parametrize(
    ("currency", "price"), [("ISK", "11900.50"), ("CNY", "0"), ("JPY", "1.5"), ("CNY", "abc"), ("XXX", "5"), ("USD", "0.10")]
)
def test_what_is_no_price_is_refused_in_words(currency: str, price: str, owner: Any, client_of: Any) -> None:
    offer = make_offer()
    answer = client_of(owner).post(PRICES, {"offer": offer.pk, "currency": currency, "price": price})
    assert answer.status_code == 200
    assert "error-message" in answer.content.decode()
    assert _in_force(offer) == {"CNY": 59900}


def test_a_price_is_ended_but_never_the_only_one(owner: Any, client_of: Any) -> None:
    offer, browser = make_offer(), client_of(owner)
    browser.post(PRICES, {"offer": offer.pk, "currency": "TWD", "price": "2690"})
    browser.post(PRICES, {"offer": offer.pk, "currency": "CNY", "price": ""})
    assert _in_force(offer) == {"TWD": 269000}
    assert AuditEntry.objects.get(action="price.ended").before == {"amount": 59900, "currency": "CNY"}
    assert "its only price" in browser.post(PRICES, {"offer": offer.pk, "currency": "TWD", "price": ""}).content.decode()
    assert _in_force(offer) == {"TWD": 269000}


def test_the_list_asks_the_same_for_any_number_of_offers(owner: Any, client_of: Any) -> None:
    browser, counts = client_of(owner), []
    for wanted in (3, 30):
        for _n in range(wanted):
            make_offer()
        browser.get(PRICES)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PRICES)
        counts.append(len(queries))
    assert counts[0] == counts[1]
