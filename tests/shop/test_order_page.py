"""/orders/, /orders/<number>/, and the way back from Stripe's page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from accounts.models import User
from courses.models import Enrolment
from shop.orders import links
from shop.orders.delivery import DeliveryData
from shop.orders.models import Order, OrderComponent, OrderLine
from shop.orders.reads import fulfilment_status, refund_status
from tests.factories import make_offer, make_sku
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
TO_TAIPEI = DeliveryData(
    method="home",
    name="王小明",
    phone="0912345678",
    country="TW",
    region="台北市",
    city="大安區",
    street="和平東路一段 1 號",
    postal_code="106",
)


def test_the_buyer_sees_what_happened_and_what_happens_next(
    till: Till, bundle: Any, student: User, client_of: Callable[[User], Client]
) -> None:
    order = till.bought(bundle, user=student, delivery=TO_TAIPEI)
    page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    for text in (
        order.number,
        "Order placed",
        "Paid, being packed",
        "和平東路一段 1 號",
        "¥599",
        "Your seat",
        "Day 1",
        "To my courses",
    ):
        assert text in page, text


def test_a_stranger_s_order_is_answered_as_a_missing_one(
    till: Till, bundle: Any, student: User, visitor: User, client_of: Callable[[User], Client]
) -> None:
    order = till.bought(bundle, user=student)
    other = till.place(make_offer())
    path = f"/orders/{order.number}/"
    for client in (Client(), client_of(visitor)):
        for address in (
            path,
            f"{path}?key=",
            f"{path}?key=forged",
            f"{path}?key={links.key_of(other)}",
            f"/checkout/done/{order.number}/",
        ):
            assert client.get(address).status_code == 404
        assert client.get("/orders/CY-0000-0000-00/").status_code == 404
        assert client.post(f"/checkout/pay/{order.number}/").status_code == 404


def test_a_guest_comes_back_by_the_signed_link_for_half_a_year(till: Till, bundle: Any, client: Client, clock: Any) -> None:
    order = till.bought(bundle)
    path = links.order_path(order)
    page = client.get(path).content.decode()
    assert order.number in page
    assert 'value="guest@demo.test"' in page
    clock.advance(days=182)
    assert client.get(path).status_code == 200
    clock.advance(days=2)
    assert client.get(path).status_code == 404


def test_the_list_holds_one_s_own_orders_only(
    till: Till, bundle: Any, student: User, visitor: User, client_of: Callable[[User], Client]
) -> None:
    mine, theirs = till.bought(bundle, user=student), till.place(make_offer(), user=visitor)
    page = client_of(student).get("/en/orders/").content.decode()
    assert mine.number in page
    assert theirs.number not in page
    assert Client().get("/orders/")["Location"].startswith("/accounts/login/")


def test_the_list_is_paged_and_costs_the_same_with_ten_and_a_thousand_orders(
    till: Till, student: User, client_of: Callable[[User], Client]
) -> None:
    first = till.place(make_offer(title="The first of all"), user=student)
    client = client_of(student)

    def more(count: int, start: int) -> None:
        fields = {
            f.attname: getattr(first, f.attname) for f in Order._meta.fields if f.name not in {"id", "number", "checkout_key"}
        }
        orders = Order.objects.bulk_create(
            Order(**fields, number=f"N-{n}", checkout_key=f"c-{n}") for n in range(start, start + count)
        )
        line = first.lines.get()
        lines = OrderLine.objects.bulk_create(
            OrderLine(order=order, offer=line.offer, bundle=line.bundle, title=line.title, quantity=1, unit_amount=1, net=1)
            for order in orders
        )
        part = line.components.get()
        OrderComponent.objects.bulk_create(
            OrderComponent(line=row, component=part.component, kind=part.kind, ref=part.ref, title="x", quantity=1, net=1)
            for row in lines
        )

    more(9, 0)
    with CaptureQueriesContext(connection) as few:
        client.get("/orders/")
    more(990, 9)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/orders/")
    assert len(few) == len(many) <= 7
    assert page.context["older"]
    last = client.get(f"/en/orders/?before={first.pk + 1}").content.decode()
    assert first.number in last


def test_an_order_page_costs_few_queries(till: Till, bundle: Any, student: User, client_of: Callable[[User], Client]) -> None:
    order = till.bought(bundle, user=student, delivery=TO_TAIPEI)
    client = client_of(student)
    with CaptureQueriesContext(connection) as seen:
        client.get(f"/orders/{order.number}/")
    assert len(seen) <= 22


def test_the_success_page_alone_hands_nothing_over(
    till: Till, bundle: Any, student: User, client_of: Callable[[User], Client]
) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    client = client_of(student)
    response = client.get(links.done_path(order))
    assert response.status_code == 200
    assert response.headers["Refresh"].startswith("2; url=/checkout/done/")
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING
    assert not Enrolment.objects.exists()
    late = client.get(f"{links.done_path(order)}&try=20")
    assert "Refresh" not in late.headers
    till.deliver()
    assert client.get(links.done_path(order))["Location"].startswith(f"/orders/{order.number}/")


def test_paying_leads_back_to_the_place_where_the_offer_stood(till: Till, client: Client) -> None:
    make_offer(slug="ukulele")
    client.post("/basket/add/", {"offer": "ukulele", "place": "topic:12", "return_to": "/en/shop/?from=topic"})
    order = till.place(basket=client.get("/basket/").context["basket"].basket)
    till.pay(order)
    till.deliver()
    order.refresh_from_db()
    assert (order.place, order.return_to) == ("topic:12", "/en/shop/?from=topic")
    response = client.get(links.done_path(order), follow=True)
    assert response.redirect_chain[-1][0] == "/en/shop/?from=topic"
    assert order.number in response.content.decode()


def test_an_order_that_waits_can_be_paid_and_a_paid_one_cannot(
    till: Till, student: User, client_of: Callable[[User], Client]
) -> None:
    order = till.place(make_offer(), user=student)
    client = client_of(student)
    assert "Pay now" in client.get(f"/en/orders/{order.number}/").content.decode()
    assert client.post(f"/checkout/pay/{order.number}/")["Location"].startswith(till.stand_in.base)
    till.pay(order)
    till.deliver()
    assert "Pay now" not in client.get(f"/en/orders/{order.number}/").content.decode()
    again = client.post(f"/en/checkout/pay/{order.number}/", follow=True)
    assert "paid already" in again.content.decode()
    assert client.get(f"/checkout/pay/{order.number}/").status_code == 405


def test_the_mail_of_a_paid_order_speaks_its_language_and_carries_the_signed_link(
    till: Till, bundle: Any, client: Client, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    order = till.bought(bundle, language="en")
    mail = next(mail for mail in mailoutbox if order.number in mail.subject)
    assert mail.subject == f"Your order {order.number} is paid"
    assert mail.to == ["guest@demo.test"]
    assert links.order_path(order) in mail.body
    assert "¥599" in mail.body
    assert "sign in with a code" in mail.body
    html = mail.alternatives[0][0]
    assert escape(links.order_path(order)) in html
    assert client.get(links.order_path(order)).status_code == 200


def test_a_guest_s_orders_become_the_account_s_once_the_address_is_proven(till: Till, student: User, client: Client) -> None:
    own, other = till.place(make_offer(), email=student.email), till.place(make_offer(), email="other@demo.test")
    client.post("/accounts/login/", {"login": student.email, "password": "courseyard-demo"})
    page = client.get("/en/orders/").content.decode()
    assert own.number in page
    assert other.number not in page


def test_statuses_are_derived_from_the_pieces() -> None:
    def piece(kind: str = "stock", **counts: int) -> OrderComponent:
        return OrderComponent(kind=kind, **{"quantity": 2, "net": 100, **counts})

    assert fulfilment_status([piece("seat")]) == "none"
    assert fulfilment_status([piece()]) == "open"
    assert fulfilment_status([piece(shipped=1)]) == "partly"
    assert fulfilment_status([piece(shipped=2), piece("seat")]) == "sent"
    assert fulfilment_status([piece(shipped=2, delivered=1), piece(shipped=2, delivered=2)]) == "sent"
    assert fulfilment_status([piece(shipped=2, delivered=2), piece("seat")]) == "delivered"
    assert fulfilment_status([piece(shipped=2, delivered=2, returned=2)]) == "returned"
    assert refund_status([piece()]) == "none"
    assert refund_status([piece(refunded_net=40)]) == "partly"
    assert refund_status([piece(refunded_net=100), piece("seat")]) == "partly"
    assert refund_status([piece(refunded_net=100)]) == "full"


def test_a_store_is_shown_by_its_name(till: Till, student: User, client_of: Callable[[User], Client]) -> None:
    store = DeliveryData(
        method="store", name="王小明", phone="0912345678", country="TW", chain="hilife", store_code="1234", store_name="和平店"
    )
    order = till.bought(make_offer(sku=make_sku(small=True)), user=student, delivery=store)
    page = client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    assert "Hi-Life" in page
    assert "和平店" in page
