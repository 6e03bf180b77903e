"""/admin/shop/zones/: the owner's table of where goods are sent."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalogue.flows import set_tariff, set_zone
from shop.catalogue.models import ShippingZone
from shop.catalogue.shipping import NotSentThere, Parcel, shipping_fee
from tests.factories import make_cohort, make_offer, make_sku

pytestmark = pytest.mark.django_db
PARCEL = Parcel("CNY", 1500, 59900)


@pytest.fixture
def browser(owner: Any, client_of: Any) -> Any:
    return client_of(owner)


def test_the_owner_writes_a_zone_its_rates_and_takes_them_back(browser: Any, bundle: Any) -> None:
    made = browser.post("/en/admin/shop/zones/new/", {"name": "South", "countries": ["BR", "AR"], "parts": "TW 88\nCN 57"})
    zone = ShippingZone.objects.latest("pk")
    assert made["Location"].endswith(f"/admin/shop/zones/{zone.pk}/")
    assert [str(area) for area in zone.areas.all()] == ["BR", "AR", "TW 88", "CN 57"]
    page = browser.get(f"/en/admin/shop/zones/{zone.pk}/").content.decode()
    assert "What it costs in CNY" in page
    rates = {"count": "3", "weight_0": "1.5", "sum_0": "60", "weight_1": "", "sum_1": "120.50", "free_from": "900", "tax": "in"}
    assert browser.post(f"/en/admin/shop/zones/{zone.pk}/CNY/", rates).status_code == 302
    assert shipping_fee(PARCEL, country="BR").amount == 6000
    assert shipping_fee(Parcel("CNY", 1501, 1), country="BR").amount == 12050
    assert shipping_fee(Parcel("CNY", 1501, 90000), country="BR").amount == 0
    page = browser.get(f"/en/admin/shop/zones/{zone.pk}/").content.decode()
    assert 'value="120.5"' in page
    listed = browser.get("/en/admin/shop/zones/").content.decode()
    assert "up to 1500 g ¥60" in listed
    assert "free from ¥900" in listed
    empty = {"count": "2", "weight_0": "", "sum_0": "", "weight_1": "", "sum_1": "", "free_from": "", "tax": "in"}
    browser.post(f"/en/admin/shop/zones/{zone.pk}/CNY/", empty)
    with pytest.raises(NotSentThere):
        shipping_fee(PARCEL, country="BR")
    browser.post(f"/en/admin/shop/zones/{zone.pk}/drop/")
    assert not ShippingZone.objects.filter(pk=zone.pk).exists()


def test_what_makes_no_sense_is_said_and_not_written(browser: Any, bundle: Any) -> None:
    page = browser.post("/en/admin/shop/zones/new/", {"name": "", "countries": ["TW"], "parts": ""}).content.decode()
    assert "Taiwan is in another zone already" in page
    zone = ShippingZone.objects.earliest("pk")
    before = list(zone.tariffs.values_list("rates__amount"))
    for wrong in ({"sum_0": "1.005"}, {"sum_0": "much"}, {"weight_0": "-1", "sum_0": "1"}, {"weight_0": "2", "sum_0": ""}):
        data = {"count": "1", "weight_0": "", "free_from": "", "tax": "in", **wrong}
        response = browser.post(f"/en/admin/shop/zones/{zone.pk}/CNY/", data)
        assert response.status_code == 200, wrong
        assert "error-message" in response.content.decode()
    assert list(zone.tariffs.values_list("rates__amount")) == before


def test_the_owner_says_what_is_sold_where_the_kit_is_not_sent(browser: Any) -> None:
    cohort = make_cohort()
    bundle, bare = make_offer(cohort=cohort, sku=make_sku()), make_offer(cohort=cohort, title="Course alone")
    assert "Course alone" in browser.get("/en/admin/shop/zones/").content.decode()
    browser.post(f"/en/admin/shop/zones/offers/{bundle.pk}/", {"instead": str(bare.pk)})
    bundle.refresh_from_db()
    assert bundle.without_kit == bare
    browser.post(f"/en/admin/shop/zones/offers/{bundle.pk}/", {"instead": str(bundle.pk)})
    browser.post(f"/en/admin/shop/zones/offers/{bundle.pk}/", {"instead": ""})
    bundle.refresh_from_db()
    assert bundle.without_kit is None


def test_the_list_costs_the_same_however_many_zones_there_are(browser: Any, owner: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/en/admin/shop/zones/").status_code == 200
        return len(seen)

    cohort = make_cohort()
    make_offer(cohort=cohort, sku=make_sku())
    browser.get("/en/admin/shop/zones/")
    few = queries()
    for country in ("BR", "AR", "CL", "MX"):
        zone = set_zone(zone=None, name="", areas=[(country, "")], actor=owner)
        set_tariff(zone=zone, currency="CNY", steps=[(None, 1)], actor=owner)
        cohort = make_cohort()
        make_offer(cohort=cohort, sku=make_sku())
    assert queries() == few
