"""A page reached by a link says who recommended it (DISTRIBUTION.md, 14)."""

from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from shop.referrals import flows
from shop.referrals.models import Agreement, Programme
from shop.referrals.rules import Rules
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SAID = "recommended this to you"


@pytest.fixture(autouse=True)
def _empty() -> None:
    caches["local"].clear()


@pytest.fixture
def pages(offer: Any) -> list[str]:
    return [f"/en/courses/{offer.course.slug}/", f"/en/shop/{offer.slug}/"]


def _texts(client: Client, pages: list[str]) -> list[str]:
    return [client.get(page).content.decode() for page in pages]


def test_whoever_followed_a_link_reads_whose_it_is_and_that_they_earn(
    client: Client, clicked: Any, pages: list[str], referrer: User
) -> None:
    for text in _texts(client, pages):
        assert f"{referrer.display_name} {SAID}" in text
        assert "earns a share if you buy" in text


def test_the_programmes_own_sentence_is_the_disclosure(
    client: Client, clicked: Any, pages: list[str], programme: Programme
) -> None:
    flows.change_rules(programme=programme, rules=Rules(disclosure="I get a present."), actor=None)
    for text in _texts(client, pages):
        assert "I get a present." in text


def test_nobody_else_reads_it_from_the_kept_page(client: Client, clicked: Any, pages: list[str]) -> None:
    for page in pages:
        assert SAID in client.get(page).content.decode()
        assert SAID not in Client().get(page).content.decode()
        assert SAID in client.get(page).content.decode()


def test_each_reads_the_name_of_the_link_that_they_followed_last(
    client: Client, clicked: Any, pages: list[str], referrer: User, programme: Programme
) -> None:
    other = make_user(name="Ada")
    flows.join_programme(user=other, programme=programme)
    link = flows.create_link(owner=other, target="/courses/")
    assert f"{referrer.display_name} {SAID}" in client.get(pages[0]).content.decode()
    client.get(f"/r/{link.code}/")
    assert f"Ada {SAID}" in client.get(pages[0]).content.decode()


def test_a_programme_may_ask_not_to_say_it(client: Client, clicked: Any, pages: list[str], programme: Programme) -> None:
    flows.change_rules(programme=programme, rules=Rules(show_recommender=False), actor=None)
    assert not any(SAID in text for text in _texts(client, pages))


def test_a_click_that_is_too_old_to_earn_is_not_mentioned(
    client: Client, clicked: Any, pages: list[str], programme: Programme, clock: Any
) -> None:
    flows.change_rules(programme=programme, rules=Rules(window_days=3), actor=None)
    clock.advance(days=3, minutes=1)
    assert not any(SAID in text for text in _texts(client, pages))


def test_without_an_agreement_nobody_is_named(client: Client, clicked: Any, pages: list[str], owner: User) -> None:
    flows.end_agreement(agreement=Agreement.objects.get(), actor=owner, reason="spam")
    assert not any(SAID in text for text in _texts(client, pages))


def test_the_referrer_is_not_told_of_the_own_recommendation(
    client: Client, clicked: Any, pages: list[str], referrer: User
) -> None:
    client.force_login(referrer)
    assert not any(SAID in text for text in _texts(client, pages))


def test_a_name_runs_nothing(client: Client, clicked: Any, pages: list[str], referrer: User) -> None:
    referrer.name = "<script>alert(1)</script>"
    referrer.save()
    for text in _texts(client, pages):
        assert "<script>alert(1)" not in text
        assert SAID in text


def test_a_kept_page_costs_two_queries(client: Client, clicked: Any, pages: list[str], django_assert_num_queries: Any) -> None:
    for page in pages:
        client.get(page)
        client.get(page)
        with django_assert_num_queries(2):
            client.get(page)


def test_a_members_landing_page_keeps_its_ten_queries(client: Client, clicked: Any, pages: list[str]) -> None:
    client.force_login(make_user())
    client.get(pages[0])
    with CaptureQueriesContext(connection) as queries:
        assert SAID in client.get(pages[0]).content.decode()
    assert len(queries) <= 10, [query["sql"][:80] for query in queries]
