"""Addresses by country (kit.addresses) and the delivery form."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from kit import addresses
from shop.catalogue.countries import COUNTRIES
from shop.catalogue.stores import CHAINS
from shop.checkout.forms import DeliveryForm


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def form(*, chains: bool = False, **values: Any) -> DeliveryForm:
    """The form as it comes back after a submit."""
    offered = list(CHAINS.values()) if chains else []
    made = DeliveryForm(values, values=values, book=[], countries=list(COUNTRIES.items()), chains=offered)
    made.is_valid()
    return made


TAIWAN: dict[str, Any] = {
    "country": "TW",
    "name": "王小明",
    "phone": "0912 345 678",
    "region": "台北市",
    "city": "大安區",
    "street": "和平東路一段 1 號",
}


def test_taiwan_asks_for_county_then_district_in_postal_order() -> None:
    names = [level.name for level in addresses.fields_of("TW", "台北市")]
    assert names == ["region", "city", "street", "postal_code"]
    regions, districts = (level.choices for level in addresses.fields_of("TW", "台北市")[:2])
    assert [row[0] for row in regions[:3]] == ["台北市", "基隆市", "新北市"]
    assert len(regions) == 22
    assert [row[0] for row in districts[:3]] == ["中正區", "大同區", "中山區"]


def test_taiwan_s_postcode_follows_from_the_district() -> None:
    made = form(**TAIWAN)
    assert not made.errors
    assert made.delivery().postal_code == "106"
    assert form(**TAIWAN, postal_code="10644").delivery().postal_code == "10644"


def test_a_postcode_of_another_district_is_an_error_beside_the_field() -> None:
    assert "does not belong" in form(**TAIWAN, postal_code="80041").errors["postal_code"][0]


def test_tai_may_be_written_with_either_character() -> None:
    assert form(**{**TAIWAN, "region": "臺北市"}).delivery().region == "台北市"


def test_a_district_of_another_county_is_refused() -> None:
    assert form(**{**TAIWAN, "city": "三民區"}).errors["city"] == ["Please choose one of the list."]


def test_mainland_china_asks_for_province_city_district() -> None:
    china: dict[str, Any] = {
        "country": "CN",
        "name": "李雷",
        "phone": "13800138000",
        "region": "广东省",
        "city": "广州市",
        "street": "天河路 1 号",
    }
    assert [level.name for level in addresses.fields_of("CN", "广东省", "广州市")] == [
        "region",
        "city",
        "district",
        "street",
        "postal_code",
    ]
    assert form(**china).errors["district"] == ["Please fill this in."]
    assert form(**china, district="天河区").delivery().postal_code == "510630"
    assert form(**china, district="天河区", postal_code="510000").delivery().postal_code == "510000"
    assert "postal_code" in form(**china, district="天河区", postal_code="5100").errors


def test_a_municipality_in_china_has_districts_where_others_have_cities() -> None:
    levels = addresses.fields_of("CN", "北京市", "朝阳区")
    assert [level.name for level in levels] == ["region", "city", "street", "postal_code"]


def test_china_s_provinces_leave_out_places_that_are_chosen_as_countries() -> None:
    regions = {row[0] for row in addresses.fields_of("CN")[0].choices}
    assert len(regions) == 31
    assert not regions & {"台湾", "香港", "澳门"}


def test_other_countries_follow_the_library_s_rules() -> None:
    assert addresses.field_order("US") == ["street", "city", "region", "postal_code"]
    paris: dict[str, Any] = {
        "country": "FR",
        "name": "Zoé",
        "phone": "+33 1 42 68 53 00",
        "street": "5 rue de Rivoli",
        "city": "Paris",
        "postal_code": "75004",
    }
    assert form(**paris).delivery().city == "PARIS"
    assert "postal_code" in form(**{**paris, "postal_code": "7500"}).errors
    assert "city" in form(**{**paris, "city": ""}).errors
    hong_kong: dict[str, Any] = {
        "country": "HK",
        "name": "Chan",
        "phone": "+852 2123 4567",
        "region": "Kowloon",
        "city": "油麻地",
        "street": "彌敦道 1 號",
    }
    assert not form(**hong_kong).errors


def test_an_unknown_country_falls_back_to_the_first_of_the_list() -> None:
    for code in ("XX", "zz", "", "../../etc", "RU"):
        assert form(**{**TAIWAN, "country": code}).country == "TW"


def test_addresses_are_written_as_their_country_writes_them() -> None:
    own = addresses.checked({"country": "TW", "region": "台北市", "city": "大安區", "street": "和平東路一段 1 號"})
    assert addresses.lines_of(own) == ["106", "台北市大安區", "和平東路一段 1 號"]
    american = {"country": "US", "region": "CA", "city": "Oakland", "street": "1 Main St", "postal_code": "94607"}
    assert addresses.lines_of(american) == ["1 Main St", "Oakland CA 94607"]


def test_a_number_that_is_too_short_is_called_that() -> None:
    assert "too short" in str(form(**{**TAIWAN, "phone": "123"}).errors["phone"])


@pytest.mark.parametrize("phone", ["call me", "12", "<script>", "0912345678" * 4])
def test_a_phone_number_is_digits(phone: str) -> None:
    assert "phone" in form(**{**TAIWAN, "phone": phone}).errors


STORE: dict[str, Any] = {
    "method": "store",
    "chain": "711",
    "store_code": "123456",
    "store_name": "和平門市",
    "name": "王小明",
    "phone": "0912-345-678",
}


def test_a_store_takes_name_mobile_and_its_number() -> None:
    delivery = form(chains=True, **STORE).delivery()
    assert (delivery.method, delivery.country, delivery.chain, delivery.store_code) == ("store", "TW", "711", "123456")
    assert delivery.phone == "0912345678"
    assert form(chains=True, **{**STORE, "phone": "0912345678"}).is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "0223456789"),
        ("phone", "+886912345678"),
        ("store_code", "12"),
        ("store_code", "ABCDEF"),
        ("chain", "costco"),
        ("name", "王"),
        ("name", "user123"),
        ("store_name", ""),
    ],
)
def test_what_a_store_would_refuse_is_an_error_beside_the_field(field: str, value: str) -> None:
    assert field in form(chains=True, **{**STORE, field: value}).errors


def test_a_store_is_not_offered_where_no_chain_takes_the_parcel() -> None:
    made = form(chains=False, **STORE)
    assert made.method == "home"
    assert "chain" not in made.fields
