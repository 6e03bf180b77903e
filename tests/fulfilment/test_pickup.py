"""Pick-up at a store, with its record: arrived, picked up, or back unclaimed and sent again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils.formats import date_format

from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry
from notices.models import Notice
from shop.checkout.audit import findings
from shop.fulfilment.flows import (
    CannotResend,
    CannotShip,
    create_shipments,
    inspect_return,
    mark_arrived,
    mark_delivered,
    mark_unclaimed,
    resend,
    ship,
)
from shop.fulfilment.models import Return, Shipment
from shop.orders.links import order_path
from shop.orders.models import Delivery, Order
from shop.orders.reads import fulfilment_status, pieces_of
from stock.flows import set_on_hand
from stock.models import StockItem
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import HOME, STORE, Maker
from tests.fulfilment.test_parcels import _deliver_outbox, _refund

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/parcels/"


@pytest.fixture
def order(paid_order: Maker, student: Any) -> Order:
    return paid_order(offers=[make_offer(sku=make_sku(code="BRUSH", small=True))], delivery=STORE, user=student)


@pytest.fixture
def sent(order: Order, packer: Any) -> Shipment:
    (parcel,) = create_shipments(order=order)
    return ship(shipment=parcel, carrier="711", tracking="7001", actor=packer)


@pytest.fixture
def back(sent: Shipment, packer: Any) -> Shipment:
    """Unclaimed, and inspected: whole."""
    mark_arrived(shipment=sent, actor=packer)
    mark_unclaimed(shipment=sent, actor=packer)
    inspect_return(ret=Return.objects.get(), pieces=1, restock=True, seen=0, actor=packer)
    return sent


def _page(order: Order) -> str:
    return str(Client().get(order_path(order), headers={"Accept-Language": "en"}).content.decode())


def _told() -> list[str]:
    return [notice.title % notice.params for notice in Notice.objects.order_by("pk")]


def _subjects() -> list[str]:
    mail.outbox.clear()
    _deliver_outbox()
    return [message.subject for message in mail.outbox]


def test_the_buyer_reads_each_state_and_is_told_of_it(order: Order, sent: Shipment, packer: Any) -> None:
    mark_arrived(shipment=sent, actor=packer)
    until = date_format(local_date(now(), FALLBACK_ZONE) + timedelta(days=7))
    page = _page(order)
    assert f"Fetch it at 和平門市 by {until}" in page
    assert "Parcel waits at the store" in page
    mark_delivered(shipment=sent, actor=packer)
    page = _page(order)
    assert "You have picked up your parcel" in page
    assert "Parcel picked up" in page
    assert _told()[-2:] == [
        f"Your parcel is waiting at the store ({sent.number})",
        f"You have picked up your parcel ({sent.number})",
    ]
    assert any("waiting at the store" in subject for subject in _subjects())
    assert any(until in message.body for message in mail.outbox)


def test_the_store_told_of_it_a_day_late(order: Order, sent: Shipment, packer: Any, client_of: Any, clock: Any) -> None:
    clock.advance(days=3)
    yesterday = local_date(now(), FALLBACK_ZONE) - timedelta(days=1)
    data = {"action": "arrived", "parcel": sent.pk, f"day-{sent.pk}": yesterday.isoformat()}
    client_of(packer).post(f"{LIST}act/", data)
    sent.refresh_from_db()
    assert sent.arrived_at is not None
    assert local_date(sent.arrived_at, FALLBACK_ZONE) == yesterday
    assert f"by {date_format(yesterday + timedelta(days=7))}" in _page(order)


@pytest.mark.parametrize("days", [1, -2])
def test_it_arrived_neither_in_the_future_nor_before_it_left(days: int, sent: Shipment, packer: Any) -> None:
    with pytest.raises(CannotShip, match="on that day"):
        mark_arrived(shipment=sent, on=local_date(now(), FALLBACK_ZONE) + timedelta(days=days), actor=packer)
    assert Shipment.objects.get().state == "shipped"


def test_what_nobody_fetched_comes_into_stock_by_inspection_only(order: Order, sent: Shipment, packer: Any) -> None:
    mark_arrived(shipment=sent, actor=packer)
    for _again in range(2):
        mark_unclaimed(shipment=sent, actor=packer)
    (piece,) = pieces_of(order)
    assert (piece.shipped, piece.returned) == (1, 0)
    assert StockItem.objects.get(ref=piece.ref).on_hand == 9
    assert "it came back to us on" in _page(order)
    assert "Parcel came back, as nobody fetched it" in _page(order)
    assert any("Nobody fetched your parcel" in subject for subject in _subjects())
    inspect_return(ret=Return.objects.get(), pieces=1, restock=True, seen=0, actor=packer)
    (piece,) = pieces_of(order)
    assert (piece.shipped, piece.returned) == (1, 1)
    assert StockItem.objects.get(ref=piece.ref).on_hand == 10
    assert "You are sending back" not in _page(order)


def test_an_unclaimed_parcel_is_sent_again_to_the_door(
    order: Order, back: Shipment, packer: Any, client_of: Any, clock: Any
) -> None:
    browser, address = client_of(packer), f"{LIST}{back.number}/resend/"
    assert address in browser.get(f"{LIST}{back.number}/").content.decode()
    assert 'name="store_code"' in browser.get(address).content.decode()
    fields = ("name", "phone", "country", "region", "city", "street", "postal_code")
    browser.post(f"{address}?to=home", {name: getattr(HOME, name) for name in fields})
    again = Shipment.objects.get(state="to_pack")
    back.refresh_from_db()
    assert back.state == "resent"
    assert Delivery.objects.get().method == "home"
    assert fulfilment_status(pieces_of(order)) == "open"
    assert StockItem.objects.get().allocated == 1
    assert f"We send your parcel again ({again.number})" in _told()
    page = _page(order)
    assert f"Parcel {again.number}" in page
    assert "Its goods are sent again." in page
    ship(shipment=again, carrier="tcat", tracking="9009", actor=packer)
    mark_delivered(shipment=again, actor=packer)
    (piece,) = pieces_of(order)
    assert (piece.shipped, piece.delivered, piece.returned) == (1, 1, 0)
    assert "Everything has arrived with you." in _page(order)
    line = AuditEntry.objects.get(action="shipment.resent")
    assert (line.actor_id, line.after) == (packer.pk, {"parcel": back.number, "again": again.number})
    broken = [str(row) for row in findings() if row.violations and row.code in {"I4", "I5", "I10", "I12"}]
    assert not broken, broken


def test_an_unclaimed_parcel_is_sent_to_another_store(order: Order, back: Shipment, packer: Any, client_of: Any) -> None:
    data = {"name": "陳小晨", "phone": "0912345678", "chain": "family", "store_code": "654321", "store_name": "信義門市"}
    client_of(packer).post(f"{LIST}{back.number}/resend/", data)
    assert Delivery.objects.get().store_name == "信義門市"
    assert "信義門市" in _page(order)


def test_it_is_sent_again_once_and_after_inspection(order: Order, sent: Shipment, packer: Any) -> None:
    with pytest.raises(CannotResend, match="unclaimed"):
        resend(shipment=sent, delivery=STORE, actor=packer)
    mark_unclaimed(shipment=sent, actor=packer)
    with pytest.raises(CannotResend, match="Inspect"):
        resend(shipment=sent, delivery=STORE, actor=packer)
    inspect_return(ret=Return.objects.get(), pieces=1, restock=False, reason="Wet", seen=0, actor=packer)
    resend(shipment=sent, delivery=STORE, actor=packer)
    with pytest.raises(CannotResend):
        resend(shipment=sent, delivery=STORE, actor=packer)
    assert Shipment.objects.filter(state="to_pack").count() == 1
    assert (StockItem.objects.get().on_hand, StockItem.objects.get().allocated) == (9, 1)


def test_what_was_refunded_or_is_sold_out_is_not_sent_again(order: Order, back: Shipment, packer: Any) -> None:
    set_on_hand(ref="sku:BRUSH@main", on_hand=0)
    with pytest.raises(CannotResend, match="Too few"):
        resend(shipment=back, delivery=STORE, actor=packer)
    set_on_hand(ref="sku:BRUSH@main", on_hand=5)
    _refund(pieces_of(order)[0])
    with pytest.raises(CannotResend, match="money"):
        resend(shipment=back, delivery=STORE, actor=packer)
    back.refresh_from_db()
    assert (back.state, Shipment.objects.count()) == ("unclaimed", 1)
    assert (pieces_of(order)[0].shipped, pieces_of(order)[0].returned) == (1, 1)


def test_the_next_order_of_who_never_fetched_says_so(
    order: Order, back: Shipment, paid_order: Maker, packer: Any, owner: Any, visitor: Any, client_of: Any
) -> None:
    words = "This buyer left 1 parcel unclaimed."
    by_mail = create_shipments(order=paid_order(email=order.email.upper()))[0]
    innocent = create_shipments(order=paid_order(user=visitor))[0]
    browser = client_of(packer)
    assert browser.get(LIST).content.decode().count(words) == 1
    assert words in browser.get(f"{LIST}{by_mail.number}/").content.decode()
    assert words not in browser.get(f"{LIST}{innocent.number}/").content.decode()
    assert words in client_of(owner).get(f"/admin/shop/orders/{by_mail.order.number}/").content.decode()
    create_shipments(order=paid_order(user=order.user, email="new@demo.test"))
    assert browser.get(LIST).content.decode().count(words) == 2


def test_a_parcel_too_large_for_stores_goes_to_a_door_only(paid_order: Maker, packer: Any, client_of: Any) -> None:
    (parcel,) = create_shipments(order=paid_order())
    page = client_of(packer).get(f"{LIST}{parcel.number}/address/?to=store").content.decode()
    assert 'name="store_code"' not in page
    assert 'name="street"' in page


@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_send_nothing_again(who: str, request: pytest.FixtureRequest, back: Shipment, client_of: Any) -> None:
    browser, address = client_of(request.getfixturevalue(who)), f"{LIST}{back.number}/resend/"
    data = {"name": "X", "phone": "0912345678", "chain": "711", "store_code": "123456", "store_name": "Y"}
    assert browser.get(address).status_code == browser.post(address, data).status_code == 302
    assert Client().post(address, data)["Location"].startswith("/accounts/login/")
    assert Shipment.objects.count() == 1
