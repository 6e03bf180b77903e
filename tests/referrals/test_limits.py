"""What a teacher may promise referrers, within what the owner allows (programmes' `limits`)."""

from typing import Any

import pytest

from shop.referrals import flows
from shop.referrals.models import Programme
from shop.referrals.rules import Rules, same_terms
from tests.pages.guided_walk import KIT, Walk, price_values

pytestmark = pytest.mark.django_db
LIMITS = {"seat": 2000, "stock": 700, "bonus": {"CNY": 1000}}


@pytest.fixture
def general() -> Programme:
    return flows.create_programme(name="School", rules=Rules(limits=LIMITS))


@pytest.fixture
def at_sharing(general: Programme, teacher: Any, client_of: Any) -> Walk:
    walk = Walk(client_of(teacher))
    walk.begin()
    walk.send("price", price_values())
    walk.send("kit", KIT)
    return walk


def _own() -> Any:
    return Programme.objects.exclude(offer=None).get().versions.order_by("-number")[0].rules


def test_rates_and_a_bonus_up_to_the_limit_are_kept(at_sharing: Walk) -> None:
    assert at_sharing.send("sharing", {"seat": "20", "stock": "7", "bonus": "10"}).status_code == 302
    rules = _own()
    assert (rules["rates"], rules["bonus"]) == ({"seat": 2000, "stock": 700}, {"CNY": 1000})


@pytest.mark.parametrize(
    ("beyond", "field", "said"),
    [({"seat": "20.01"}, "seat", "20 %"), ({"stock": "7.01"}, "stock", "7 %"), ({"bonus": "10.01"}, "bonus", "¥10")],
)
def test_what_is_beyond_the_limit_is_refused_with_it(at_sharing: Walk, beyond: dict[str, str], field: str, said: str) -> None:
    response = at_sharing.send("sharing", {"seat": "20", "stock": "7", "bonus": "10", **beyond})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert said in response.context["form"].errors[field][0]
    assert not Programme.objects.exclude(offer=None).exists()


@pytest.mark.parametrize("bonus", ["-1", "x", "1.234", "NaN"])
def test_what_is_no_amount_is_no_bonus(at_sharing: Walk, bonus: str) -> None:
    assert at_sharing.send("sharing", {"seat": "1", "stock": "1", "bonus": bonus}).status_code == 422


def test_what_was_promised_before_the_limit_fell_may_stay(at_sharing: Walk, general: Programme) -> None:
    at_sharing.send("sharing", {"seat": "20", "stock": "7", "bonus": "10"})
    flows.change_rules(programme=general, rules=Rules(limits={"seat": 100, "stock": 100, "bonus": {}}), actor=None)
    assert at_sharing.send("sharing", {"seat": "20", "stock": "7", "bonus": "10"}).status_code == 302
    assert at_sharing.send("sharing", {"seat": "19", "stock": "7", "bonus": "10"}).status_code == 422
    assert at_sharing.send("sharing", {"seat": "1", "stock": "1", "bonus": ""}).status_code == 302


def test_the_numbers_of_a_sale_hold_the_bonus(at_sharing: Walk) -> None:
    page = at_sharing.client.get(at_sharing.at("numbers"), {"seat": "0", "stock": "0", "bonus": "7"})
    assert page.context["split"].referrer == 700
    assert "¥7" in page.content.decode()


def test_the_owner_sets_the_limits_in_the_general_programme(general: Programme, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    form = {
        "joining": "open", "is_open": "on", "seat": "30", "stock": "5", "vest_share": "0", "vest_day": "7",
        "window_days": "30", "levels": "1", "most_seat": "12.5", "most_stock": "", "most_bonus": "3",
    }  # fmt: skip
    assert browser.post(f"/admin/shop/programmes/{general.pk}/", form).status_code == 302
    limits = general.versions.order_by("-number")[0].rules["limits"]
    assert limits == {"seat": 1250, "stock": 700, "bonus": {"CNY": 300}}


def test_limits_are_no_terms_of_a_referrer() -> None:
    assert same_terms(Rules(), Rules(limits={"seat": 1}))
    with pytest.raises(ValueError, match="limit"):
        Rules(limits={"seat": 10_001})
    with pytest.raises(ValueError, match="negative"):
        Rules(limits={"bonus": {"CNY": -1}})


def test_a_rate_that_leaves_nothing_is_said_to_be_a_loss(general: Programme, at_sharing: Walk) -> None:
    flows.change_rules(programme=general, rules=Rules(), actor=None)
    said = "every such sale is a loss"
    path = at_sharing.at("numbers")
    page = at_sharing.client.get(path, {"seat": "100", "stock": "100"}, headers={"accept-language": "en"})
    assert said in page.content.decode().replace("&#x27;", "'")
    assert (
        said not in at_sharing.client.get(path, {"seat": "30", "stock": "5"}, headers={"accept-language": "en"}).content.decode()
    )
