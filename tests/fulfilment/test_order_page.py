"""What parcels add to /orders/<number>/, and asking for a return there."""

from typing import Any

import pytest
from django.test import Client

from shop.fulfilment.flows import CannotReturn, create_shipments, mark_arrived, mark_delivered, request_return, ship
from shop.fulfilment.flows.returns import returnable_pieces
from shop.fulfilment.models import Return
from shop.orders.links import key_of, order_path
from shop.orders.models import Order
from shop.orders.reads import pieces_of
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import STORE, Maker

pytestmark = pytest.mark.django_db


def _page(order: Order) -> str:
    response = Client().get(order_path(order), headers={"Accept-Language": "en"})
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_buyer_follows_the_parcel(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    (parcel,) = create_shipments(order=order)
    assert "We are packing your parcel" in _page(order)
    ship(shipment=parcel, carrier="sf", tracking="SF-77", actor=packer)
    page = _page(order)
    assert "Your parcel is on its way" in page
    assert "waybill-detail/SF-77" in page
    mark_delivered(shipment=parcel, actor=packer)
    page = _page(order)
    assert "Your parcel was delivered" in page
    assert "Everything has arrived with you." in page
    assert "Your parcel has left us." not in page


def test_the_list_of_orders_says_delivered(delivered: Order, student: Any, client_of: Any) -> None:
    page = client_of(student).get("/en/orders/").content.decode()
    assert "Delivered" in page
    assert "Sent" not in page


def test_a_store_parcel_says_where_it_waits_and_what_to_bring(paid_order: Maker, packer: Any) -> None:
    order = paid_order(offers=[make_offer(sku=make_sku(small=True))], delivery=STORE)
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="711", tracking="7001", actor=packer)
    mark_arrived(shipment=parcel, actor=packer)
    page = _page(order)
    assert "和平門市" in page
    assert "ID" in page


@pytest.fixture
def delivered(paid_order: Maker, packer: Any, student: Any) -> Order:
    order = paid_order(user=student)
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    return order


def test_a_return_is_asked_for_on_the_order_page(delivered: Order, student: Any, client_of: Any) -> None:
    address = f"/orders/{delivered.number}/return/"
    assert address in _page(delivered)
    data = {"component": pieces_of(delivered)[0].pk, "quantity": 1, "reason": "Too loud"}
    response = client_of(student).post(address, data)
    assert response["Location"] == f"/orders/{delivered.number}/"
    assert Return.objects.get().reason == "Too loud"
    page = _page(delivered)
    assert "You are sending back 1" in page
    assert address not in page


def test_a_guest_asks_by_the_signed_link(delivered: Order) -> None:
    data = {"component": pieces_of(delivered)[0].pk, "quantity": 1, "key": key_of(delivered)}
    Client().post(f"/orders/{delivered.number}/return/", data)
    assert Return.objects.count() == 1


def test_strangers_ask_for_nothing(delivered: Order, visitor: Any, teacher: Any, client_of: Any, paid_order: Maker) -> None:
    data = {"component": pieces_of(delivered)[0].pk, "quantity": 1, "key": key_of(paid_order())}
    for browser in (client_of(visitor), client_of(teacher), Client()):
        assert browser.post(f"/orders/{delivered.number}/return/", data).status_code == 404
        assert browser.post("/orders/CY-NONE/return/", data).status_code == 404
    assert not Return.objects.exists()


def test_another_orders_goods_are_not_found(delivered: Order, student: Any, client_of: Any, paid_order: Maker) -> None:
    data = {"component": pieces_of(paid_order())[0].pk, "quantity": 1}
    assert client_of(student).post(f"/orders/{delivered.number}/return/", data).status_code == 404


def test_looking_changes_nothing(delivered: Order, student: Any, client_of: Any) -> None:
    """Opened as a page, the address leads to the order, where one asks."""
    response = client_of(student).get(f"/orders/{delivered.number}/return/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/orders/{delivered.number}/")
    assert not Return.objects.exists()


def test_what_was_paid_back_is_not_asked_to_come_back(paid_order: Maker, student: Any, packer: Any) -> None:
    order = paid_order(user=student)
    parcel = create_shipments(order=order)[0]
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    piece = parcel.lines.get().component
    assert returnable_pieces(piece) == 1
    piece.refunded_net, piece.refunded_tax = piece.net, piece.tax
    piece.save()
    assert returnable_pieces(piece) == 0
    with pytest.raises(CannotReturn):
        request_return(order=order, component=piece)
