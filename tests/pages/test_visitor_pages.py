"""Whole pages kept for visitors: quick, and never behind what the database says."""

import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.models import User
from kit.models import Change
from kit.visitor_pages import sweep_changes
from shop.catalogue.flows import set_price
from stock.flows import reserve, set_on_hand
from tests.factories import make_cohort, make_course, make_offer

pytestmark = pytest.mark.django_db
LANDING = "/en/courses/ukulele/"


@pytest.fixture(autouse=True)
def _empty() -> None:
    caches["local"].clear()


@pytest.fixture
def offer(teacher: User) -> Any:
    course = make_course(slug="ukulele", teacher=teacher)
    return make_offer(cohort=make_cohort(course=course, seats=2), price=59900)


def text(client: Client, address: str = LANDING) -> str:
    return client.get(address).content.decode()


def test_a_kept_page_costs_one_query(client: Client, offer: Any, django_assert_num_queries: Any) -> None:
    for address in (LANDING, "/en/courses/", "/en/shop/", f"/en/shop/{offer.slug}/", "/en/"):
        text(client, address)
        text(client, address)  # the first look makes renditions, which are a change
        with django_assert_num_queries(1):
            text(client, address)


def test_a_changed_price_shows_on_the_very_next_request(client: Client, offer: Any, owner: User) -> None:
    assert "¥599" in text(client)
    set_price(offer=offer, currency="CNY", amount=64900, actor=owner)
    assert "¥649" in text(client)


def test_the_last_seat_sold_shows_on_the_very_next_request(client: Client, offer: Any, clock: Any) -> None:
    assert "This class is full" not in text(client)
    cohort = offer.course.cohorts.get()
    reserve(demand={cohort.seat_ref: 2}, holder="order:1", expires_at=cohort_end(cohort))
    assert "This class is full" in text(client)
    set_on_hand(ref=cohort.seat_ref, on_hand=3)
    assert "This class is full" not in text(client)


def cohort_end(cohort: Any) -> Any:
    from kit.clock import start_of_day

    return start_of_day(cohort.ends_on, cohort.time_zone)


def test_languages_are_kept_apart(client: Client, offer: Any) -> None:
    english, chinese = text(client), text(client, "/zh-hant/courses/ukulele/")
    assert 'lang="en"' in english
    assert 'lang="zh-Hant"' in chinese
    assert text(client) != chinese
    browser = {"accept-language": "zh-CN"}
    assert 'lang="zh-Hans"' in client.get("/courses/ukulele/", headers=browser).content.decode()
    assert 'lang="zh-Hant"' in client.get("/courses/ukulele/", headers={"accept-language": "zh-TW"}).content.decode()


def test_each_visitor_has_a_csrf_token_of_their_own_and_it_works(offer: Any) -> None:
    browsers = [Client(enforce_csrf_checks=True) for _number in range(2)]
    tokens = [re.search(r'csrfmiddlewaretoken" value="(\w+)"', text(browser)) for browser in browsers]
    assert tokens[0]
    assert tokens[1]
    assert tokens[0][1] != tokens[1][1]
    form = {"csrfmiddlewaretoken": tokens[1][1], "offer": offer.pk, "quantity": 1}
    assert browsers[1].post("/en/basket/add/", form).status_code == 302
    assert browsers[0].post("/en/basket/add/", form).status_code == 403


def test_a_member_never_gets_the_visitors_page_nor_leaves_one(client: Client, client_of: Any, student: User, offer: Any) -> None:
    member, own = client_of(student), "data-hx-headers"  # only a signed-in person's page carries its token there
    assert own in text(member)
    assert own not in text(client)
    assert own in text(member)


def test_a_guest_with_a_basket_sees_their_own_page(client: Client, offer: Any) -> None:
    text(client)
    client.post("/en/basket/add/", {"offer": offer.pk, "quantity": 1})
    assert "basket" in client.cookies
    assert client.get(LANDING).context is not None  # rendered for this guest, not handed out of the memory


def test_a_referral_cookie_changes_nothing(client: Client, offer: Any, django_assert_num_queries: Any) -> None:
    text(client)
    text(client)
    client.cookies["cy_ref"] = "anything"
    with django_assert_num_queries(1):
        text(client)


def test_sweeping_leaves_one_row_and_no_page_behind_the_times(client: Client, offer: Any, owner: User) -> None:
    Change.objects.bulk_create(Change() for _number in range(300))
    text(client)
    sweep_changes()
    assert Change.objects.count() == 1
    set_price(offer=offer, currency="CNY", amount=64900, actor=owner)
    assert "¥649" in text(client)
