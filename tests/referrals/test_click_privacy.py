"""Clicks hold no address, follow Do Not Track and Global Privacy Control, and are forgotten in time."""

from typing import Any

import pytest
from django.test import Client

from shop.referrals.flows import bind_visitor, forget_clicks, roll_up_clicks
from shop.referrals.models import Attribution, Click, ClickDay, ClickSalt, Link
from tests.referrals.conftest import MakeOrder

pytestmark = pytest.mark.django_db
NOT_TRACKED = [{"DNT": "1"}, {"Sec-GPC": "1"}]


def test_one_address_has_one_hash_today_and_another_one_tomorrow(link: Link, clock: Any) -> None:
    for _visit in range(2):
        Client().get("/r/mei/", REMOTE_ADDR="203.0.113.9")
    clock.advance(days=1)
    Client().get("/r/mei/", REMOTE_ADDR="203.0.113.9")
    first, second, third = Click.objects.order_by("pk").values_list("address_hash", flat=True)
    assert first == second != third
    assert {len(first), len(third)} == {32}
    assert ClickSalt.objects.values("secret").distinct().count() == 2


def test_the_hash_needs_the_salt_and_the_key(link: Link, settings: Any) -> None:
    Client().get("/r/mei/", REMOTE_ADDR="203.0.113.9")
    settings.SECRET_KEY = "another"
    Client().get("/r/mei/", REMOTE_ADDR="203.0.113.9")
    assert Click.objects.values("address_hash").distinct().count() == 2


@pytest.mark.parametrize("headers", NOT_TRACKED)
def test_who_asks_not_to_be_tracked_is_known_until_the_browser_closes_and_by_no_address(
    link: Link, client: Client, headers: dict[str, str]
) -> None:
    client.get("/r/mei/", headers=headers)
    assert client.cookies["cy_ref"]["max-age"] == ""
    assert client.cookies["cy_ref"]["expires"] == ""
    assert Click.objects.get().address_hash == ""


def test_who_does_not_ask_has_a_cookie_for_a_year(link: Link, client: Client) -> None:
    client.get("/r/mei/", headers={"DNT": "0"})
    assert client.cookies["cy_ref"]["max-age"] == 365 * 86400
    assert Click.objects.get().address_hash


@pytest.mark.parametrize("headers", NOT_TRACKED)
def test_who_asks_not_to_be_tracked_still_credits_whoever_recommended_it(
    link: Link, client: Client, headers: dict[str, str], make_order: MakeOrder, student: Any
) -> None:
    client.get("/r/mei/", headers=headers)
    bind_visitor(user=student, visitor=Click.objects.get().visitor)
    make_order(user=student, email=student.email)
    assert Attribution.objects.get().referrer == link.owner


def test_salts_hashes_and_clicks_go_when_the_settings_say(link: Link, clock: Any, settings: Any, student: Any) -> None:
    settings.CLICK_SALT_DAYS, settings.CLICK_HASH_DAYS, settings.CLICK_DAYS = 7, 30, 400
    browser = Client()
    browser.get("/r/mei/")
    Client().get("/r/mei/")
    bind_visitor(user=student, visitor=Click.objects.order_by("pk")[0].visitor)
    clock.advance(days=8)
    forget_clicks()
    assert not ClickSalt.objects.exists()
    assert not Click.objects.filter(address_hash="").exists()
    clock.advance(days=30)
    forget_clicks()
    assert set(Click.objects.values_list("address_hash", flat=True)) == {""}
    clock.advance(days=400)
    assert forget_clicks() == 0, "what is not counted yet stays"
    roll_up_clicks()
    assert forget_clicks() == 1
    assert Click.objects.get().is_signup, "a binding earns for as long as the account is there"
    assert sum(ClickDay.objects.values_list("clicks", flat=True)) == 2


def test_a_head_request_stores_nothing_and_sets_nothing(link: Link, client: Client) -> None:
    assert client.head("/r/mei/").status_code == 302
    assert not Click.objects.exists()
    assert "cy_ref" not in client.cookies


def test_every_target_that_a_link_ever_had_stays_on_our_host(link: Link, client: Client) -> None:
    Link.objects.update(target="//evil.test/x")
    assert client.get("/r/mei/").headers["Location"].startswith("/") is True
    assert not client.get("/r/mei/").headers["Location"].startswith("//")
