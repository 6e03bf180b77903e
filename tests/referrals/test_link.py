"""/r/<code>/."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client

from accounts.models import User
from shop.referrals.flows import bind_visitor, create_link, record_click
from shop.referrals.flows.programme import LinkRefused
from shop.referrals.models import Click, Link

pytestmark = pytest.mark.django_db


def test_a_visit_is_stored_and_leads_to_our_own_page(client: Client, link: Link) -> None:
    response = client.get("/r/mei/")
    assert (response.status_code, response["Location"]) == (302, "/courses/")
    click = Click.objects.get()
    assert click.link == link
    assert "127.0.0.1" not in click.address_hash
    assert client.cookies["cy_ref"]["httponly"]


def test_a_forced_language_stays(client: Client, link: Link) -> None:
    assert client.get("/en/r/mei/")["Location"] == "/en/courses/"


def test_a_second_visit_keeps_the_visitor(client: Client, link: Link) -> None:
    client.get("/r/mei/")
    client.get("/r/mei/")
    assert Click.objects.values("visitor").distinct().count() == 1


def test_a_cookie_written_by_hand_is_not_believed(client: Client, link: Link) -> None:
    client.cookies["cy_ref"] = "5e1c4f7e-0000-4000-8000-000000000000"
    client.get("/r/mei/")
    assert str(Click.objects.get().visitor) != "5e1c4f7e-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Dest": "iframe"},
        {"Sec-Fetch-Dest": "script"},
        {"Sec-Purpose": "prefetch"},
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Purpose": "preview"},
        {"Sec-Fetch-Dest": "fencedframe"},
        {"Sec-Fetch-Dest": "worker"},
        {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_what_is_no_visit_sets_and_stores_nothing(client: Client, link: Link, headers: dict[str, str]) -> None:
    response = client.get("/r/mei/", headers=headers)
    assert response.status_code == 302
    assert "cy_ref" not in client.cookies
    assert not Click.objects.exists()


def test_an_unknown_link_is_missing(client: Client) -> None:
    assert client.get("/r/nobody/").status_code == 404
    assert client.get("/r/nobody/", headers={"Sec-Fetch-Dest": "image"}).status_code == 404


def test_a_link_that_was_switched_off_leads_on_and_credits_nobody(client: Client, link: Link) -> None:
    Link.objects.update(killed_at="2026-01-01T00:00Z")
    for headers in ({}, {"Sec-Fetch-Dest": "image"}):
        response = client.get("/r/mei/", headers=headers)
        assert (response.status_code, response.headers["Location"]) == (302, "/courses/")
    assert not client.cookies
    assert not Click.objects.exists()


def test_posting_is_not_visiting(client: Client, link: Link) -> None:
    assert client.post("/r/mei/").status_code == 405


@pytest.mark.parametrize("rows", [10, 1000])
def test_three_queries_at_most_signed_in_one_for_a_visitor(
    client: Client,
    link: Link,
    student: User,
    client_of: Any,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
    rows: int,
) -> None:
    Click.objects.bulk_create(
        Click(link=link, visitor="5e1c4f7e-0000-4000-8000-000000000000", address_hash="x", at="2026-01-01T00:00Z")
        for _ in range(rows)
    )
    with django_assert_num_queries(1):
        client.get("/r/mei/")
    member = client_of(student)
    with django_assert_max_num_queries(3):
        member.get("/r/mei/")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "/en//evil.test/",
        "/zh-hant/\\evil.test",
        "javascript:alert(1)",
        "/a\nb",
        "",
    ],
)
def test_a_link_leads_to_our_own_pages_only(referrer: User, target: str) -> None:
    with pytest.raises(LinkRefused):
        create_link(owner=referrer, target=target)


def test_signing_up_binds_the_latest_click_once(link: Link, clicked: Any, student: User) -> None:
    bind_visitor(user=student, visitor=clicked)
    bind_visitor(user=student, visitor=clicked)
    assert list(Click.objects.values_list("user", "is_signup")) == [(student.pk, True)]


def test_what_is_clicked_elsewhere_within_the_first_hour_binds_nobody_a_second_time(
    link: Link, clicked: Any, student: User, clock: Any
) -> None:
    bind_visitor(user=student, visitor=clicked)
    clock.advance(minutes=10)
    elsewhere = uuid4()
    record_click(code=link.code, visitor=elsewhere, address="192.0.2.7", user=AnonymousUser())
    bind_visitor(user=student, visitor=elsewhere)
    assert list(Click.objects.order_by("pk").values_list("user", "is_signup")) == [(student.pk, True), (student.pk, False)]


def test_an_old_account_is_not_bound_by_signing_in(link: Link, clicked: Any, student: User, clock: Any) -> None:
    clock.advance(days=2)
    bind_visitor(user=student, visitor=clicked)
    assert list(Click.objects.values_list("user", "is_signup")) == [(student.pk, False)]


@pytest.mark.django_db(transaction=True)
def test_the_click_is_stored_when_the_redirect_leaves(referrer: User) -> None:
    """Another connection sees it at once: a process killed right after its 302 has nothing left to write."""
    create_link(owner=referrer, target="/courses/", code="mei")
    assert Client().get("/r/mei/").status_code == 302
    database = connection.settings_dict
    with psycopg.connect(dbname=database["NAME"], user=database["USER"], host=database["HOST"]) as other:
        assert other.execute("SELECT count(*) FROM referrals_click").fetchone() == (1,)
