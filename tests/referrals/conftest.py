"""A programme with a referrer in it, and orders that a link led to."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from accounts.models import User
from kit.clock import now
from shop.catalogue.reads import current_bundles, price_at
from shop.orders.delivery import DeliveryData
from shop.orders.flows import create_order
from shop.orders.models import Order
from shop.referrals import flows
from shop.referrals.models import Link, Programme
from shop.referrals.rules import Rules
from tests.factories import make_cohort, make_offer, make_sku

MakeOrder = Callable[..., Order]


@pytest.fixture
def offer(teacher: User) -> Any:
    return make_offer(cohort=make_cohort(), sku=make_sku(seller=teacher), price=59900, weights=(449, 150))


@pytest.fixture
def programme(referrer: User) -> Programme:
    programme = flows.create_programme(name="Students bring students", rules=Rules())
    flows.join_programme(user=referrer, programme=programme)
    return programme


@pytest.fixture
def link(referrer: User, programme: Programme) -> Link:
    return flows.create_link(owner=referrer, target="/courses/", code="mei")


@pytest.fixture
def make_order(offer: Any, programme: Programme) -> MakeOrder:
    """An order of the bundle, its touches noted; `pay` marks it paid and attributes it, as settling does."""

    def make(
        *,
        visitor: UUID | None = None,
        user: User | None = None,
        email: str = "buyer@x.test",
        street: str = "松仁路 1 號",
        pay: bool = True,
        place: str = "",
        more: Sequence[Any] = (),
    ) -> Order:
        lines = []
        for one in (offer, *more):
            price = price_at(one, "CNY")
            assert price is not None
            lines.append((one, current_bundles([one])[one.pk][0], price, 1))
        order = create_order(
            lines=lines,
            user=user,
            email=email,
            language="zh-hant",
            currency="CNY",
            delivery=DeliveryData(
                method="home", name="王", phone="0912345678", country="TW", region="台北市", city="信義區", street=street
            ),
            shipping=0,
            place=place,
            return_to="",
            checkout_key=uuid4().hex,
            hold_until=now() + timedelta(hours=1),
            terms={"refund_days": 7, "return_days": 7},
        )
        flows.note_touches(order=order, visitor=visitor)
        if pay:
            order.state, order.paid_at = Order.State.PAID, now()
            order.save()
            flows.attribute(order=order)
            flows.accrue(order=order)
        return order

    return make


@pytest.fixture
def clicked(link: Link, client: Any) -> UUID:
    """A browser that followed the link; its visitor token."""
    from django.test import RequestFactory

    from shop.referrals.cookies import visitor_of

    client.get(f"/r/{link.code}/")
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    visitor = visitor_of(request)
    assert visitor is not None
    return visitor
