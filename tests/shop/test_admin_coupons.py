"""/admin/shop/coupons/: made, paused and watched by owner and teachers, each within what is theirs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Coupon
from shop.checkout.flows import CannotOrder, kit_only, refund_order
from tests.factories import make_coupon, make_offer, make_sku
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/coupons/"


def test_an_owner_makes_one_for_everything_bound_to_a_referrer(owner: Any, referrer: Any, bundle: Any, client_of: Any) -> None:
    browser = client_of(owner)
    assert "off_CNY" in browser.get(f"{LIST}new/").content.decode()
    terms = {"code": "spring", "percent": "12.5", "max_uses": "30", "per_person": "1", "referrer": referrer.email.upper()}
    response = browser.post(f"{LIST}new/", terms | {"least_CNY": "", "valid_to": "2099-01-01T00:00"})
    coupon = Coupon.objects.get()
    assert response["Location"] == f"{LIST}{coupon.pk}/"
    found = (coupon.code, coupon.percent, coupon.everything, coupon.max_uses, coupon.per_person, coupon.referrer, coupon.maker)
    assert found == ("SPRING", 1250, True, 30, 1, referrer, owner)
    assert "SPRING" in browser.get(f"{LIST}{coupon.pk}/").content.decode()


def test_sums_are_written_per_currency_and_nonsense_is_said(owner: Any, bundle: Any, client_of: Any) -> None:
    browser = client_of(owner)
    page = browser.post(
        f"{LIST}new/", {"code": "x", "percent": "10", "off_CNY": "1.234", "referrer": "nobody@x.test"}
    ).content.decode()
    assert "nobody@x.test" in page
    assert not Coupon.objects.exists()
    browser.post(f"{LIST}new/", {"code": "fifty", "off_CNY": "50", "least_CNY": "300", "offers": [bundle.pk]})
    coupon = Coupon.objects.get()
    assert list(coupon.sums.values_list("currency", "off", "least")) == [("CNY", 5000, 30000)]
    assert (list(coupon.offers.all()), coupon.everything) == ([bundle], False)


def test_a_teacher_makes_coupons_for_own_offers_only(teacher: Any, teacher2: Any, referrer: Any, client_of: Any) -> None:
    own, other = make_offer(seller=teacher), make_offer(seller=teacher2)
    browser = client_of(teacher)
    page = browser.get(f"{LIST}new/").content.decode()
    assert own.title in page
    assert other.title not in page
    for offers in ([], [other.pk], [own.pk, other.pk]):
        browser.post(f"{LIST}new/", {"code": "mine", "percent": "10", "offers": offers})
    assert not Coupon.objects.exists()
    browser.post(f"{LIST}new/", {"code": "mine", "percent": "10", "offers": [own.pk], "referrer": referrer.email})
    coupon = Coupon.objects.get()
    assert (list(coupon.offers.all()), coupon.referrer, coupon.maker) == ([own], None, teacher)


def test_anothers_coupon_is_a_404_for_a_teacher_and_open_to_the_owner(
    teacher: Any, teacher2: Any, owner: Any, client_of: Any
) -> None:
    coupon = make_coupon("THEIRS", offers=[make_offer(seller=teacher2)], actor=teacher2)
    stranger = client_of(teacher)
    assert "THEIRS" not in stranger.get(LIST).content.decode()
    assert stranger.get(f"{LIST}{coupon.pk}/").status_code == 404
    assert stranger.post(f"{LIST}{coupon.pk}/switch/", {"action": "pause"}).status_code == 404
    coupon.refresh_from_db()
    assert coupon.paused_at is None
    assert client_of(owner).get(f"{LIST}{coupon.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["packer", "student", "moderator"])
def test_others_neither_see_nor_make_coupons(who: str, request: pytest.FixtureRequest, client_of: Any) -> None:
    coupon = make_coupon()
    browser = client_of(request.getfixturevalue(who))
    for address in (LIST, f"{LIST}new/", f"{LIST}{coupon.pk}/"):
        assert browser.get(address).status_code == 302
        assert Client().get(address)["Location"].startswith("/accounts/login/")
    browser.post(f"{LIST}new/", {"code": "FREE", "percent": "100"})
    browser.post(f"{LIST}{coupon.pk}/switch/", {"action": "pause"})
    assert list(Coupon.objects.values_list("code", "paused_at")) == [("SAVE10", None)]


def test_it_is_paused_and_holds_again(till: Till, bundle: Any, owner: Any, client_of: Any) -> None:
    coupon, browser = make_coupon(), client_of(owner)
    browser.post(f"{LIST}{coupon.pk}/switch/", {"action": "pause"})
    with pytest.raises(CannotOrder):
        till.place(bundle, coupon="SAVE10")
    browser.post(f"{LIST}{coupon.pk}/switch/", {"action": "resume"})
    assert till.place(bundle, coupon="SAVE10").discount


def test_uses_and_revenue_are_counted_on_the_lines_it_covers(till: Till, bundle: Any, owner: Any, client_of: Any) -> None:
    coupon = make_coupon(percent=5000, offers=[bundle], max_uses=9)
    order = till.bought(bundle, make_offer(price=77700, sku=make_sku()), coupon="SAVE10")
    till.place(bundle, coupon="SAVE10")
    browser = client_of(owner)
    for page in (browser.get(LIST), browser.get(f"{LIST}{coupon.pk}/")):
        assert page.content.decode().count("¥299.50") >= 2
        assert "2 / 9" in page.content.decode()
    refund_order(
        order=order,
        components={part: (part.net, part.tax) for part in kit_only(order) if part.line.discount},
        actor=None,
        reason="",
    )
    assert "¥234.50" in browser.get(LIST).content.decode()


def test_the_list_costs_the_same_for_many(owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    make_coupon("FIRST")
    browser.get(LIST)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    for number in range(20):
        make_coupon(f"MORE{number}", actor=owner)
    with CaptureQueriesContext(connection) as many:
        browser.get(LIST)
    assert len(many) <= len(few)
