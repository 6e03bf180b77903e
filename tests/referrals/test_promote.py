"""/promote/: one's own links, numbers and money, and nobody else's."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User
from kit.clock import now
from shop.orders.models import OrderComponent
from shop.referrals import flows
from shop.referrals.models import Attribution, Click, Commission, Link, Programme
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_joining_takes_one_press_and_makes_a_link(client_of: Any, student: User, programme: Programme) -> None:
    browser = client_of(student)
    assert "30 %" in browser.get("/en/promote/").content.decode()
    browser.post("/promote/join/", {"programme": programme.pk})
    browser.post("/promote/join/", {"programme": programme.pk})
    assert student.agreements.count() == 1
    assert student.links.count() == 1


def test_a_link_made_in_one_language_opens_in_the_visitors_own(client_of: Any, student: User, programme: Programme) -> None:
    browser = client_of(student)
    browser.post("/en/promote/join/", {"programme": programme.pk})
    link = student.links.get()
    assert not link.target.startswith("/en/")
    assert f"{settings.SITE_URL}/r/{link.code}/" in browser.get("/en/promote/").content.decode()
    assert Client().get(f"/en/r/{link.code}/").headers["Location"] == f"/en{link.target}"
    assert Client().get(f"/r/{link.code}/").headers["Location"] == link.target


def test_numbers_money_reasons_and_dates_are_shown(
    client_of: Any, referrer: User, make_order: Any, clicked: Any, student: User
) -> None:
    flows.bind_visitor(user=student, visitor=clicked)
    order = make_order(visitor=clicked)
    flows.set_release(order=order, delivered_at=None, awaits_delivery=True)
    page = client_of(referrer).get("/en/promote/").content.decode()
    assert order.number in page
    assert "¥134.70" in page
    assert "The parcel has not been delivered yet." in page
    # A link is for people of any language: the page's own does not go along.
    assert "/r/mei/" in page
    assert "/en/r/mei/" not in page


def test_a_self_purchase_is_explained_to_the_referrer(client_of: Any, referrer: User, make_order: Any, clicked: Any) -> None:
    make_order(visitor=clicked, email="referrer+x@demo.test")
    assert "it has your e-mail address" in client_of(referrer).get("/en/promote/").content.decode()


def test_the_receipt_belongs_to_the_referrer_alone(
    client_of: Any, referrer: User, student: User, make_order: Any, clicked: Any
) -> None:
    order = make_order(visitor=clicked)
    address = f"/en/promote/receipts/{order.number}/"
    page = client_of(referrer).get(address)
    assert page.status_code == 200
    assert "credited" in page.content.decode()
    assert client_of(student).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_qr_code_is_a_picture_of_ones_own_link(client_of: Any, referrer: User, student: User, link: Link) -> None:
    browser = client_of(referrer)
    assert browser.get("/promote/links/mei/qr.png").content.startswith(b"\x89PNG")
    assert b"<svg" in browser.get("/promote/links/mei/qr.svg").content
    assert browser.get("/promote/links/mei/qr.exe").status_code == 404
    assert client_of(student).get("/promote/links/mei/qr.svg").status_code == 404


def test_a_link_to_another_site_is_refused_with_a_reason(client_of: Any, referrer: User, link: Link) -> None:
    response = client_of(referrer).post("/en/promote/links/", {"target": "https://evil.test/"})
    assert response.status_code == 422
    assert "A link leads to a page of this site" in response.content.decode()
    assert Link.objects.count() == 1


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/promote/").status_code == 302


@pytest.mark.parametrize("rows", [10, 1000])
def test_fifteen_queries_however_much_was_earned(
    client_of: Any, referrer: User, make_order: Any, clicked: Any, link: Link, rows: int, django_assert_max_num_queries: Any
) -> None:
    make_order(visitor=clicked)
    line = Commission.objects.first()
    assert line is not None
    Commission.objects.bulk_create(
        Commission(
            attribution=line.attribution,
            payee=referrer,
            component=line.component,
            kind="bonus",
            source=f"x:{number}",
            rate=0,
            amount=1,
            currency="CNY",
            created_at=now(),
        )
        for number in range(rows)
    )
    Click.objects.bulk_create(
        Click(link=link, visitor="5e1c4f7e-0000-4000-8000-000000000000", address_hash="x", at=now()) for _ in range(rows)
    )
    Link.objects.bulk_create(Link(code=f"c{number}", owner=referrer, target="/", created_at=now()) for number in range(rows))
    browser = client_of(referrer)
    with django_assert_max_num_queries(15):
        browser.get("/promote/")


def test_another_referrers_rows_do_not_show(client_of: Any, make_order: Any, clicked: Any) -> None:
    order = make_order(visitor=clicked)
    other = make_user()
    flows.create_link(owner=other, target="/", code="other")
    assert order.number not in client_of(other).get("/promote/").content.decode()
    assert Attribution.objects.count() == 1


def test_a_link_says_where_it_is_shared_in_words(client_of: Any, referrer: User, link: Link) -> None:
    Link.objects.filter(pk=link.pk).update(channel="wechat")
    page = client_of(referrer).get("/en/promote/").content.decode()
    assert '<span class="badge"> WeChat group </span>' in " ".join(page.split())


def test_what_waits_says_until_when_and_what_was_refunded_says_what_became_of_it(
    client_of: Any, referrer: User, make_order: Any, clicked: Any
) -> None:
    order, browser = make_order(visitor=clicked), client_of(referrer)
    until = flows.set_release(order=order, delivered_at=now(), awaits_delivery=False)
    with translation.override("en"):
        named = f"until {date_format(localtime(until), 'DATE_FORMAT')}"
    page = browser.get("/en/promote/").content.decode()
    assert page.count(named) == 2
    assert "The buyer may still return the order." in page
    for part in OrderComponent.objects.filter(line__order=order):
        part.refunded_net, part.refunded_tax = part.net, part.tax
        part.save()
    flows.reverse(order=order, source="refund:1")
    page = browser.get("/en/promote/").content.decode()
    assert "until " not in page.partition("Every commission")[2]
    assert "The buyer may still return the order." not in page
    assert page.count("it is taken back in a line of its own") == 2
