"""A paid order with something to send, made by the same flows as a real one, money apart."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from kit.clock import now
from shop.catalogue.reads import wares
from shop.orders.delivery import DeliveryData
from shop.orders.flows import create_order
from shop.orders.models import Order
from stock import flows as stock
from tests.factories import make_offer

HOME = DeliveryData(
    method="home",
    name="陳小晨",
    phone="0912345678",
    country="TW",
    region="台北市",
    city="大安區",
    street="和平東路一段 1 號",
    postal_code="106",
)
STORE = DeliveryData(
    method="store",
    name="陳小晨",
    phone="0912345678",
    country="TW",
    chain="711",
    store_code="123456",
    store_name="和平門市",
)
Maker = Callable[..., Order]


@pytest.fixture
def paid_order(db: None) -> Maker:
    """paid_order(offers=[…], user=…): reserved, paid and consumed, without payment, seat or parcel."""
    made: list[int] = []

    def make(*, offers: Any = None, user: Any = None, email: str = "", delivery: Any = HOME, quantity: int = 1) -> Order:
        made.append(1)
        chosen = wares(offers or [make_offer()])
        lines = [(ware.offer, ware.bundle, ware.price, quantity) for ware in chosen]
        order = create_order(
            lines=lines,
            user=user,
            email=email or (user.email if user else "guest@demo.test"),
            language="en",
            currency="CNY",
            delivery=delivery,
            shipping=0,
            place="",
            return_to="",
            checkout_key=f"key-{len(made)}-{now().timestamp()}",
            hold_until=now() + timedelta(minutes=40),
            terms={"refund_days": 7, "return_days": 7},
            name="陳小晨",
        )
        demand: dict[str, int] = {}
        for ware in chosen:
            for part in ware.parts:
                demand[part.stock_ref] = demand.get(part.stock_ref, 0) + part.quantity * quantity
        stock.reserve(demand=demand, holder=order.holder, expires_at=order.hold_until)
        stock.consume(holder=order.holder)
        order.state, order.paid_at = Order.State.PAID, now()
        order.save(update_fields=["state", "paid_at"])
        return order

    return make


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """These tests read English words, whatever the translations say."""
    with translation.override("en"):
        yield


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """As everywhere, in an English browser."""

    def sign_in(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return sign_in
