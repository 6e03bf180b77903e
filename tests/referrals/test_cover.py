"""The general agreement covers a course's programme on the same terms; /promote/ says which link earns nothing yet."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from kit.clock import now
from shop.referrals import flows
from shop.referrals.flows.programme import ask_own_agreement
from shop.referrals.models import Attribution, Link, Programme
from shop.referrals.rules import Rules
from tests.factories import make_offer

pytestmark = pytest.mark.django_db
DEARER = Rules(rates={"seat": 4000, "stock": 500})


@pytest.fixture
def course_programme(offer: Any) -> Programme:
    return flows.create_programme(name="Ukulele class", rules=Rules(), offer=offer)


@pytest.fixture
def course_link(referrer: User, programme: Programme, offer: Any) -> Link:
    return flows.create_link(owner=referrer, target=f"/courses/{offer.course.slug}/", code="uke")


def _page(client_of: Any, user: User) -> str:
    return str(client_of(user).get("/en/promote/").content.decode())


def test_the_general_agreement_covers_a_course_on_the_same_terms(
    course_programme: Programme, make_order: Any, clicked: Any, referrer: User
) -> None:
    order = make_order(visitor=clicked)
    assert Attribution.objects.get(order=order).referrer == referrer
    assert Attribution.objects.get(order=order).version.programme == course_programme


def test_other_terms_or_an_agreement_of_its_own_earn_nothing_until_agreed_to(
    course_programme: Programme, make_order: Any, clicked: Any, referrer: User
) -> None:
    flows.change_rules(programme=course_programme, rules=DEARER, actor=None)
    assert not Attribution.objects.filter(order=make_order(visitor=clicked)).exists()
    flows.change_rules(programme=course_programme, rules=Rules(), actor=None)
    ask_own_agreement(programme=course_programme, asked=True, actor=None)
    assert not Attribution.objects.filter(order=make_order(visitor=clicked, email="b@x.test")).exists()
    flows.join_programme(user=referrer, programme=course_programme)
    assert Attribution.objects.filter(order=make_order(visitor=clicked, email="c@x.test")).exists()


def test_a_general_agreement_that_ended_covers_nothing(
    course_programme: Programme, make_order: Any, clicked: Any, referrer: User
) -> None:
    referrer.agreements.update(ended_at=now())
    assert not Attribution.objects.filter(order=make_order(visitor=clicked)).exists()


def test_a_rate_of_zero_and_no_rate_are_the_same_terms(course_programme: Programme, make_order: Any, clicked: Any) -> None:
    flows.change_rules(programme=course_programme, rules=Rules(rates={**Rules().rates, "digital": 0}), actor=None)
    assert Attribution.objects.filter(order=make_order(visitor=clicked)).exists()


def test_a_link_that_earns_nothing_says_so_and_one_tap_mends_it(
    client_of: Any, course_programme: Programme, course_link: Link, referrer: User
) -> None:
    assert "earn nothing yet" not in _page(client_of, referrer)
    flows.change_rules(programme=course_programme, rules=DEARER, actor=None)
    page = _page(client_of, referrer)
    assert "earn nothing yet" in page
    assert "“Ukulele class” has rules of its own" in page
    assert "40 %" in page
    client_of(referrer).post("/promote/join/", {"programme": course_programme.pk})
    assert "earn nothing yet" not in _page(client_of, referrer)
    assert referrer.links.count() == 1


def test_a_link_to_an_offer_of_the_shop_and_one_to_a_lesson_are_judged_too(
    client_of: Any, course_programme: Programme, course_link: Link, offer: Any, referrer: User
) -> None:
    flows.change_rules(programme=course_programme, rules=DEARER, actor=None)
    others = [f"/shop/{offer.slug}/?from=x", f"/courses/{offer.course.slug}/day-1/", "/courses/", "/nowhere/"]
    for number, target in enumerate(others):
        flows.create_link(owner=referrer, target=target, code=f"other{number}")
    assert _page(client_of, referrer).count("earn nothing yet") == 3


def test_where_no_programme_pays_the_link_says_that(
    client_of: Any, programme: Programme, course_link: Link, referrer: User
) -> None:
    Programme.objects.update(is_open=False)
    page = _page(client_of, referrer)
    assert "No programme pays for this page" in page
    assert "Agree, and earn" not in page


@pytest.mark.parametrize("rows", [3, 40])
def test_the_page_asks_the_same_however_many_programmes_and_links_there_are(
    client_of: Any, programme: Programme, referrer: User, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        other = make_offer()
        flows.create_programme(name=f"P{number}", rules=DEARER, offer=other)
        flows.create_link(owner=referrer, target=f"/shop/{other.slug}/")
    browser = client_of(referrer)
    with django_assert_max_num_queries(15):
        assert browser.get("/en/promote/").content.decode().count("earn nothing yet") == min(rows, 30)


def test_nobody_agrees_without_an_account(course_programme: Programme) -> None:
    assert Client().post("/promote/join/", {"programme": course_programme.pk}).status_code == 302
    assert not course_programme.agreements.exists()
