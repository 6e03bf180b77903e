"""Zones: what a parcel costs by place, weight and worth; edited by the owner, read by landing page and checkout."""

from typing import Any

import pytest
from django.test import Client

from kit.models import AuditEntry
from shop.catalogue.flows import CannotSetZone, drop_tariff, drop_zone, set_tariff, set_tax_rate, set_zone
from shop.catalogue.models import Offer, ShippingZone
from shop.catalogue.shipping import Fee, NotSentThere, Parcel, shipping_fee
from shop.orders.models import Order
from tests.factories import make_cohort, make_coupon, make_sku
from tests.shop.test_checkout_page import basket_of, filled
from tests.stripe_stand_in import StandIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def parcel(weight_g: int = 1500, worth: int = 59900, currency: str = "CNY") -> Parcel:
    return Parcel(currency, weight_g, worth)


def fee(country: str, postal_code: str = "", **what: Any) -> int:
    return shipping_fee(parcel(**what), country=country, postal_code=postal_code).amount


@pytest.fixture
def zone(owner: Any) -> ShippingZone:
    """Brazil, and nothing else."""
    return set_zone(zone=None, name="South", areas=[("BR", "")], actor=owner)


def test_zones_begin_as_the_shop_sent_before() -> None:
    assert fee("TW") == fee("CN", currency="ISK") == 0
    assert (fee("JP"), fee("DE", currency="EUR")) == (6000, 1600)
    for country, currency in (("DE", "ISK"), ("XX", "CNY"), ("BR", "CNY")):
        with pytest.raises(NotSentThere):
            fee(country, currency=currency)


def test_the_lightest_rate_that_takes_the_weight_counts_and_heavier_is_not_sent(zone: ShippingZone, owner: Any) -> None:
    set_tariff(zone=zone, currency="CNY", steps=[(2000, 9000), (1000, 5000)], actor=owner)
    assert [fee("BR", weight_g=grams) for grams in (1, 1000, 1001, 2000)] == [5000, 5000, 9000, 9000]
    with pytest.raises(NotSentThere):
        fee("BR", weight_g=2001)
    set_tariff(zone=zone, currency="CNY", steps=[(1000, 5000), (None, 20000)], actor=owner)
    assert fee("BR", weight_g=99_999) == 20000


def test_from_the_free_sum_on_it_costs_nothing(zone: ShippingZone, owner: Any) -> None:
    set_tariff(zone=zone, currency="CNY", steps=[(None, 5000)], free_from=60000, actor=owner)
    assert (fee("BR", worth=59999), fee("BR", worth=60000)) == (5000, 0)


def test_a_postcode_zone_goes_before_its_country_and_may_send_nothing(owner: Any) -> None:
    islands = set_zone(zone=None, name="Islands", areas=[("tw", "88"), ("TW", "880 9")], actor=owner)
    with pytest.raises(NotSentThere):
        fee("TW", "88041")
    set_tariff(zone=islands, currency="CNY", steps=[(None, 3000)], actor=owner)
    assert (fee("TW", "880-41"), fee("TW", "8809"), fee("TW", "106"), fee("TW")) == (3000, 3000, 0, 0)


@pytest.mark.parametrize(
    "areas", [[], [("XX", "")], [("TWN", "")], [("TW", "8?")], [("TW", "12345678901")], [("TW", "")], [("BR", ""), ("cn", "")]]
)
def test_a_zone_takes_known_places_that_no_other_zone_has(owner: Any, areas: list[tuple[str, str]]) -> None:
    before = ShippingZone.objects.count()
    with pytest.raises(CannotSetZone):
        set_zone(zone=None, name="", areas=areas, actor=owner)
    assert ShippingZone.objects.count() == before


@pytest.mark.parametrize(
    ("currency", "steps"), [("CNY", []), ("XXX", [(None, 1)]), ("ISK", [(None, 150)]), ("CNY", [(None, 1), (None, 2)])]
)
def test_rates_obey_the_currency_and_each_weight_stands_once(
    zone: ShippingZone, owner: Any, currency: str, steps: list[Any]
) -> None:
    with pytest.raises(CannotSetZone):
        set_tariff(zone=zone, currency=currency, steps=steps, actor=owner)
    assert not zone.tariffs.exists()


def test_every_change_is_in_the_trail(zone: ShippingZone, owner: Any) -> None:
    set_tariff(zone=zone, currency="CNY", steps=[(None, 5000)], actor=owner)
    set_tariff(zone=zone, currency="CNY", steps=[(None, 6000)], actor=owner)
    drop_tariff(zone=zone, currency="CNY", actor=owner)
    drop_zone(zone=zone, actor=owner)
    rows = AuditEntry.objects.filter(target=f"zone:{zone.pk}").order_by("pk")
    assert [(row.actor_id, row.action) for row in rows] == [
        (owner.pk, action) for action in ("zone.set", "zone.tariff", "zone.tariff", "zone.tariff", "zone.dropped")
    ]
    assert (rows[2].before["rates"], rows[2].after["rates"]) == ([[None, 5000]], [[None, 6000]])


def test_the_weight_of_the_whole_basket_counts_and_the_sum_after_the_coupon(
    client: Client, stand_in: StandIn, zone: ShippingZone, owner: Any
) -> None:
    steps = [(1500, 1000), (3000, 2000), (4500, 7000)]
    set_tariff(zone=zone, currency="CNY", steps=steps, free_from=150000, actor=owner)
    basket_of(client)
    address = {"country": "BR", "region": "SP", "city": "São Paulo", "street": "Rua 1", "postal_code": "01310-100"}
    assert "Pay ¥609 " in client.post("/en/checkout/", filled(client, refresh="yes", **address)).content.decode()
    client.post("/basket/add/", {"offer": "ukulele"})
    assert "Pay ¥1,218 " in client.post("/en/checkout/", filled(client, refresh="yes", **address)).content.decode()
    client.post("/basket/add/", {"offer": "ukulele"})
    page = client.post("/en/checkout/", filled(client, refresh="yes", **address)).content.decode()
    assert "Pay ¥1,797 " in page  # over the free sum
    make_coupon(percent=2000)
    page = client.post("/en/checkout/", filled(client, refresh="yes", coupon="SAVE10", **address)).content.decode()
    assert "Pay ¥1,507.60 " in page
    data = filled(client, coupon="SAVE10", seen_total="150760", **address)
    assert client.post("/en/checkout/", data).status_code == 303
    assert Order.objects.get().shipping == 7000


def test_the_landing_page_says_where_the_kit_is_sent(client: Client, zone: ShippingZone, owner: Any) -> None:
    basket_of(client, cohort=make_cohort(), sku=make_sku(weight_g=900))
    set_tariff(zone=zone, currency="CNY", steps=[(1000, 4200)], actor=owner)
    for address in ("/en/shop/ukulele/", f"/en/courses/{_course_of('ukulele')}/"):
        page = client.get(address).content.decode()
        assert "Sent free to: Taiwan, Mainland China" in page, address
        assert "Sent for ¥42 to: Brazil" in page
        assert "Not sold elsewhere" in page
    drop_zone(zone=zone, actor=owner)
    assert "Brazil" not in client.get("/en/shop/ukulele/").content.decode()


def _course_of(slug: str) -> str:
    course = Offer.objects.get(slug=slug).course
    assert course is not None
    return str(course.slug)


def test_tax_on_delivery_may_come_on_top(client: Client, stand_in: StandIn, zone: ShippingZone, owner: Any) -> None:
    set_tax_rate(country="BR", rate=1000, name="VAT", actor=owner)
    set_tariff(zone=zone, currency="CNY", steps=[(None, 5000)], tax_inclusive=False, actor=owner)
    assert shipping_fee(parcel(), country="BR") == Fee(5000, tax_inclusive=False)
    basket_of(client)
    address = {"country": "BR", "region": "SP", "city": "São Paulo", "street": "Rua 1", "postal_code": "01310-100"}
    data = filled(client, seen_total="65400", **address)
    assert client.post("/en/checkout/", data).status_code == 303
    order = Order.objects.get()
    assert (order.shipping, order.shipping_tax, order.tax_on_top, order.total) == (5000, 500, 500, 65400)
    assert order.tax == 5445 + 500
