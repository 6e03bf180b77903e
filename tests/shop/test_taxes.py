"""Tax by country: in the price or on top of it, exact in every part, shown before and after, and given back as stored."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kit.clock import now
from kit.models import AuditEntry
from shop.catalogue.flows import CannotSetTax, drop_tax_rate, set_price, set_tax_rate
from shop.catalogue.models import Price, TaxRate
from shop.catalogue.taxes import tax_for
from shop.checkout.flows import kit_only, refund_order
from shop.ledger.reads import balance
from shop.orders.delivery import DeliveryData
from shop.orders.models import Order
from shop.referrals.models import Commission
from tests.factories import make_cohort, make_coupon, make_offer, make_sku
from tests.shop.test_checkout_page import basket_of, filled
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def to(country: str) -> DeliveryData:
    return DeliveryData(method="home", name="An", phone="0912345678", country=country, city="X", street="1")


@pytest.fixture
def rates() -> None:
    set_tax_rate(country="TW", rate=500, name="營業稅", actor=None)
    set_tax_rate(country="de", rate=1900, name="VAT", actor=None)


@pytest.mark.usefixtures("rates")
def test_the_delivery_country_decides_and_a_price_that_contains_its_tax_stays(till: Till, bundle: Any) -> None:
    orders = {code: till.bought(bundle, delivery=to(code)) for code in ("TW", "DE", "JP")}
    assert {code: (order.total, order.tax, order.tax_on_top) for code, order in orders.items()} == {
        "TW": (59900, 2852, 0),
        "DE": (59900, 9564, 0),
        "JP": (59900, 0, 0),
    }
    assert orders["DE"].terms["tax"] == {"country": "DE", "rate": 1900, "name": "VAT"}


@pytest.mark.usefixtures("rates")
def test_tax_on_top_is_paid_booked_and_given_back_to_the_last_unit(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: Any
) -> None:
    set_price(offer=bundle, currency="CNY", amount=59900, tax_inclusive=False, actor=None)
    make_coupon(percent=1000)
    order = till.bought(bundle, user=student, coupon="SAVE10", shipping=1500, delivery=to("DE"), visitor=visitor_of_referrer)
    line = order.lines.get()
    assert (line.net, line.tax) == (53910, 10243)
    assert (order.tax_on_top, order.total) == (10243, 53910 + 10243 + 1500)
    assert order.shipping_tax == 239
    assert balance("tax_payable", "CNY") == -10243 - 239
    parts = list(line.components.order_by("pk"))
    assert (sum(part.net for part in parts), sum(part.tax for part in parts)) == (53910, 10243)
    earned = {row.component_id: row.amount for row in Commission.objects.all()}
    assert earned == {parts[0].pk: parts[0].net * 3000 // 10_000, parts[1].pk: parts[1].net * 500 // 10_000}
    set_tax_rate(country="DE", rate=700, name="VAT", actor=None)
    refund = refund_order(order=order, components=kit_only(order), actor=None, reason="")
    assert refund.amount == parts[1].net + parts[1].tax
    till.deliver()
    refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert balance("tax_payable", "CNY") == 0


@pytest.mark.usefixtures("rates")
def test_tax_on_top_comes_in_steps_of_its_currency(till: Till) -> None:
    krona = make_offer(sku=make_sku(currency="ISK"), price=1234500, currency="ISK")
    set_price(offer=krona, currency="ISK", amount=1234500, tax_inclusive=False, actor=None)
    order = till.bought(krona, delivery=to("TW"))
    assert (order.tax, order.total) == (61700, 1296200)


def test_the_rate_in_force_counts_then_the_one_for_everywhere_then_the_setting(clock: Any, settings: Any, owner: Any) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 300
    assert (tax_for("TW").rate, tax_for("").rate) == (300, 300)
    set_tax_rate(country="", rate=400, name="Tax", actor=owner)
    set_tax_rate(country="TW", rate=500, name="VAT", actor=owner)
    set_tax_rate(country="TW", rate=600, name="VAT", valid_from=now() + timedelta(days=2), actor=owner)
    assert [tax_for(code).rate for code in ("TW", "JP", "")] == [500, 400, 400]
    clock.advance(days=3)
    assert tax_for("TW").rate == 600
    trail = AuditEntry.objects.filter(action="tax.set").order_by("pk")
    assert [(row.actor_id, row.target) for row in trail] == [(owner.pk, f"tax:{code}") for code in ("everywhere", "TW", "TW")]
    assert trail[2].before == {"rate": 500, "name": "VAT"}


def test_a_rate_never_changes_the_past(owner: Any) -> None:
    for terms in ({"country": "TWN"}, {"rate": 10_000}, {"valid_from": now() - timedelta(days=1)}):
        with pytest.raises(CannotSetTax):
            set_tax_rate(**{"country": "TW", "rate": 500, "name": "VAT", "actor": owner, **terms})
    begun = set_tax_rate(country="TW", rate=500, name="VAT", actor=owner)
    coming = set_tax_rate(country="TW", rate=600, name="VAT", valid_from=now() + timedelta(days=1), actor=owner)
    assert not drop_tax_rate(rate_id=begun.pk, actor=owner)
    assert drop_tax_rate(rate_id=coming.pk, actor=owner)
    assert TaxRate.objects.get() == begun


@pytest.mark.usefixtures("rates")
def test_the_page_shows_the_tax_of_the_country_where_it_goes(client: Client, stand_in: StandIn) -> None:
    basket_of(client)
    page = client.get("/en/checkout/").content.decode()
    assert "營業稅 5 % in it" in page
    assert "¥28.52" in page
    assert "Your country" not in page
    assert "in it" not in client.post("/en/checkout/", filled(client, country="JP", refresh="yes")).content.decode()


@pytest.mark.usefixtures("rates")
def test_a_course_alone_bears_the_tax_of_the_country_that_the_buyer_names(client: Client, stand_in: StandIn) -> None:
    offer = make_offer(slug="seat", cohort=make_cohort(), price=10000)
    set_price(offer=offer, currency="CNY", amount=10000, tax_inclusive=False, actor=None)
    client.post("/basket/add/", {"offer": "seat"})
    page = client.get("/en/checkout/").content.decode()
    assert "Your country" in page
    assert "¥105" in page
    data = filled(client, buyer_name="Mei", tax_country="DE")
    assert "The sum has changed" in client.post("/en/checkout/", data).content.decode()
    page = client.post("/en/checkout/", {**data, "refresh": "yes"}).content.decode()
    assert "VAT 19 %" in page
    assert "¥119" in page
    assert client.post("/en/checkout/", {**data, "seen_total": "11900"}).status_code == 303
    order = Order.objects.get()
    assert (order.total, order.tax, order.terms["tax"]["country"]) == (11900, 1900, "DE")
    assert "¥100 plus tax" in client.get("/en/shop/seat/").content.decode()
    assert client.post("/en/checkout/", {**data, "tax_country": "XX", "seen_total": "10000"}).status_code == 200
    assert Order.objects.count() == 1


@pytest.mark.usefixtures("rates")
def test_the_orders_page_names_the_tax(till: Till, bundle: Any, student: Any, client_of: Any) -> None:
    order = till.bought(bundle, user=student, delivery=to("DE"))
    assert "VAT 19 % in it" in client_of(student).get(f"/en/orders/{order.number}/").content.decode()


def test_an_owner_sets_rates_and_puts_the_tax_on_top(owner: Any, bundle: Any, client_of: Any) -> None:
    browser, path = client_of(owner), "/admin/shop/taxes/"
    assert "Ukulele class with kit" in browser.get(path).content.decode()
    assert browser.post(path, {"country": "tw", "name": "營業稅", "percent": "5"}).status_code == 302
    assert "營業稅" in browser.get(path).content.decode()
    assert TaxRate.objects.get().rate == 500
    assert browser.post(path, {"country": "T1", "name": "x", "percent": "5"}).status_code == 200
    later = set_tax_rate(country="JP", rate=1000, name="消費税", valid_from=now() + timedelta(days=1), actor=owner)
    browser.post(f"{path}{later.pk}/drop/")
    assert TaxRate.objects.count() == 1
    browser.post(f"{path}prices/{bundle.prices.get().pk}/", {"tax": "on_top"})
    price = Price.objects.get(offer=bundle, valid_to=None)
    assert (price.amount, price.tax_inclusive) == (59900, False)
    assert AuditEntry.objects.filter(action="price.set").latest("pk").after["tax_inclusive"] is False
