"""/admin/shop/talked/: return rates where buyer and seller had talked before buying, and where they had not."""

import csv
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community.flows import send_message, write_to
from kit.clock import now
from kit.models import AuditEntry
from shop.checkout.admin.talked_reads import Rate, return_rates, return_rows
from shop.fulfilment.models import Return
from shop.orders.models import Order, OrderComponent
from tests.factories import make_offer, make_sku, make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def sold(offer: Any, buyer: User, *, returned: str = "", **fields: Any) -> Order:
    """A paid order as the checkout leaves it, with a return in that state."""
    bundle = offer.bundles.get()
    moment = now()
    values = {
        "number": f"CY-{Order.objects.count()}",
        "email": buyer.email,
        "language": "en",
        "currency": "CNY",
        "hold_until": moment,
    }
    values |= {"subtotal": 100, "total": 100, "state": "paid", "placed_at": moment, "paid_at": moment, "user": buyer}
    order = Order.objects.create(**{**values, "checkout_key": values["number"], **fields})
    line = order.lines.create(offer=offer, bundle=bundle, title="Kit", quantity=1, unit_amount=100, net=100)
    for part in bundle.components.all():
        piece = OrderComponent.objects.create(
            line=line, component=part, kind=part.kind, ref=part.stock_ref, title="Kit", quantity=1, net=100, shipped=1
        )
        if returned:
            Return.objects.create(order=order, component=piece, quantity=1, state=returned, requested_at=moment)
    return order


def talk(buyer: User, seller: User, *, answered: bool = True) -> None:
    message = write_to(author=buyer, person=seller, source="Does it fit?", key="q")
    if answered:
        send_message(author=seller, conversation=message.conversation, source="Yes.", key=f"a{message.pk}")


@pytest.fixture
def offer(teacher: User) -> Any:
    return make_offer(seller=teacher, sku=make_sku(seller=teacher))


def test_orders_are_told_apart_by_whether_both_had_written_before(offer: Any, teacher: User) -> None:
    talked, asked_only, late, silent = (make_user() for _n in range(4))
    talk(talked, teacher)
    talk(asked_only, teacher, answered=False)
    sold(offer, talked)
    sold(offer, talked, returned="received")
    sold(offer, asked_only, returned="requested")
    sold(offer, late)
    talk(late, teacher)
    sold(offer, silent, returned="refused")
    everything, lin = return_rates(now() - timedelta(days=1))
    assert (lin.name, lin.talked, lin.silent) == ("Lin", Rate(2, 1), Rate(3, 1))
    assert (everything.talked, everything.silent) == (Rate(2, 1), Rate(3, 1))
    assert (lin.talked.percent, lin.silent.percent, Rate().percent) == ("50.0 %", "33.3 %", "–")


def test_a_talk_with_another_seller_and_what_an_absence_says_do_not_count(offer: Any, teacher: User, teacher2: User) -> None:
    one, other = make_user(), make_user()
    talk(one, teacher2)
    message = write_to(author=other, person=teacher, source="Hello?", key="q")
    message.conversation.messages.create(
        no=2, author=teacher, source="away", html="away", renderer=1, is_automatic=True, created_at=now(), key="auto"
    )
    sold(offer, one)
    sold(offer, other)
    assert return_rates(now() - timedelta(days=1))[0].silent == Rate(2, 0)


def test_unpaid_orders_seats_alone_and_older_ones_are_left_out(offer: Any, student: User) -> None:
    sold(offer, student, state="awaiting", paid_at=None)
    sold(offer, student, paid_at=now() - timedelta(days=40))
    assert return_rates(now() - timedelta(days=30))[0].silent == Rate()


def test_the_owner_sees_the_page_and_the_file_and_nobody_else_does(
    offer: Any, student: User, teacher: User, owner: User, packer: User, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    talk(student, teacher)
    order = sold(offer, student, returned="received")
    for stranger in (teacher, packer, student):
        for path in ("", "export/"):
            assert client_of(stranger).get(f"/en/admin/shop/talked/{path}").status_code == 302
    page = client_of(owner).get("/en/admin/shop/talked/?span=30").content.decode()
    assert "100.0 %" in page
    assert "Does it fit" not in page
    response = client_of(owner).get("/en/admin/shop/talked/export/?span=30")
    table = list(csv.reader(b"".join(response).decode().lstrip("\ufeff").splitlines()))
    assert [row[0] for row in table] == ["order", order.number]
    assert table[1][2:] == ["Lin", "1", "1", "0"]
    assert AuditEntry.objects.get(action="data.exported").target == "export:returns-and-talks"
    for _n in range(20):
        sold(offer, student)
    with django_assert_max_num_queries(2):
        list(return_rows(now() - timedelta(days=1)))
    with django_assert_max_num_queries(2):
        return_rates(now() - timedelta(days=1))
