"""A parcel leaves in two: split_parcel, /admin/shop/parcels/<number>/split/, and what the buyer sees of it."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import QuerySet
from django.test import Client
from django.utils.formats import date_format

import shop.fulfilment.flows.parcels
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry
from shop.fulfilment.flows import (
    CannotShip,
    CannotSplit,
    create_shipments,
    mark_delivered,
    print_parcels,
    ship,
    split_parcel,
    stop_shipments,
)
from shop.fulfilment.models import Shipment, ShipmentLine
from shop.orders.links import order_path
from shop.orders.models import Order
from shop.orders.reads import fulfilment_status, pieces_of
from stock import flows as stock
from stock.models import Movement, StockItem
from tests.factories import make_offer, make_sku
from tests.fulfilment.conftest import Maker
from tests.fulfilment.test_parcels import _deliver_outbox
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/parcels/"


@pytest.fixture
def two_goods(paid_order: Maker) -> Shipment:
    """Three ukuleles and three brush sets in one parcel."""
    offers = [make_offer(sku=make_sku(code="UKE", name="Ukulele")), make_offer(sku=make_sku(code="BRUSH", small=True))]
    return create_shipments(order=paid_order(offers=offers, quantity=3))[0]


def _later(parcel: Shipment, *pieces: int) -> dict[int, int]:
    return dict(zip(parcel.lines.order_by("pk").values_list("pk", flat=True), pieces, strict=True))


def _contents() -> list[list[int]]:
    return [list(row.lines.order_by("component").values_list("quantity", flat=True)) for row in Shipment.objects.order_by("pk")]


def _page(order: Order) -> str:
    return str(Client().get(order_path(order), headers={"Accept-Language": "en"}).content.decode())


def test_some_pieces_leave_now_and_the_rest_later(two_goods: Shipment, packer: Any) -> None:
    rest = split_parcel(shipment=two_goods, later=_later(two_goods, 1, 3), actor=packer)
    assert _contents() == [[2], [1, 3]]
    ship(shipment=two_goods, carrier="tcat", tracking="9001", actor=packer)
    assert fulfilment_status(pieces_of(two_goods.order)) == "partly"
    ship(shipment=rest, carrier="tcat", tracking="9002", actor=packer)
    assert [piece.shipped for piece in pieces_of(two_goods.order)] == [3, 3]
    assert list(StockItem.objects.filter(ref__startswith="sku:").values_list("on_hand", "allocated")) == [(7, 0), (7, 0)]
    line = AuditEntry.objects.get(action="shipment.split")
    assert line.actor_id == packer.pk
    assert line.after == {"parcel": two_goods.number, "later": rest.number, "pieces": 4}


@pytest.mark.parametrize("later", [(0, 0), (3, 3), (4, 0), (-1, 1)])
def test_a_parcel_is_not_split_into_nothing_or_into_more_than_it_holds(
    later: tuple[int, int], two_goods: Shipment, packer: Any
) -> None:
    with pytest.raises(CannotSplit):
        split_parcel(shipment=two_goods, later=_later(two_goods, *later), actor=packer)
    assert _contents() == [[3, 3]]


def test_what_has_left_or_was_stopped_is_not_split(two_goods: Shipment, packer: Any) -> None:
    stop_shipments(order=two_goods.order)
    with pytest.raises(CannotSplit, match="any more"):
        split_parcel(shipment=two_goods, later=_later(two_goods, 1, 0), actor=packer)
    assert _contents() == [[3, 3]]


def test_a_slip_printed_before_the_split_stops_its_parcel(two_goods: Shipment, packer: Any) -> None:
    print_parcels(shipments=[two_goods], actor=packer)
    split_parcel(shipment=two_goods, later=_later(two_goods, 1, 0), actor=packer)
    with pytest.raises(CannotShip, match="contents"):
        ship(shipment=two_goods, carrier="tcat", tracking="9001", actor=packer)


def test_neither_part_leaves_with_what_was_refunded(two_goods: Shipment, packer: Any) -> None:
    rest = split_parcel(shipment=two_goods, later=_later(two_goods, 2, 0), actor=packer)
    (ukulele, _brush) = pieces_of(two_goods.order)
    ukulele.refunded_net = ukulele.net * 2 // 3
    ukulele.save()
    ship(shipment=two_goods, carrier="tcat", tracking="9001", actor=packer)
    with pytest.raises(CannotShip, match="refunded"):
        ship(shipment=rest, carrier="tcat", tracking="9002", actor=packer)
    stop_shipments(order=two_goods.order, components=[ukulele])
    assert create_shipments(order=two_goods.order) == []
    assert [piece.shipped for piece in pieces_of(two_goods.order)] == [1, 3]


def test_the_buyer_sees_both_parcels_and_what_is_in_each(two_goods: Shipment, packer: Any) -> None:
    day = local_date(now(), FALLBACK_ZONE) + timedelta(days=9)
    rest = split_parcel(shipment=two_goods, later=_later(two_goods, 1, 3), planned_on=day, actor=packer)
    ship(shipment=two_goods, carrier="tcat", tracking="9000", actor=packer)
    first, second = _page(two_goods.order).split("Parcel 2 of 2")
    assert f"Parcel 1 of 2: {two_goods.number}" in first
    assert "2 × Ukulele" in first
    assert "Brush set" not in first.split("Parcel 1 of 2")[1]
    assert rest.number in second
    assert "1 × Ukulele" in second
    assert "3 × Brush set" in second
    assert f"It leaves by {date_format(day)}" in second
    _deliver_outbox()
    assert "The rest of your order follows in another parcel." in mail.outbox[-1].body
    for parcel in (rest, two_goods):
        if parcel == rest:
            ship(shipment=rest, carrier="tcat", tracking="9010", actor=packer)
        mark_delivered(shipment=parcel, actor=packer)
        assert ("Everything has arrived" in _page(two_goods.order)) == (parcel == two_goods)


def test_ordered_ahead_goods_are_sold_and_wait_for_their_delivery(two_goods: Shipment, packer: Any, client_of: Any) -> None:
    ref, shelf = "sku:BRUSH@main", stock.ensure_place()
    ahead = stock.ensure_place(code="ahead")
    ahead.expected_on = local_date(now(), FALLBACK_ZONE) + timedelta(days=20)
    ahead.save()
    stock.move(ref=ref, origin=shelf, to=ahead, quantity=9, cause=stock.Cause())
    browser = client_of(packer)
    assert "not here: 2 × Brush set" in browser.get(LIST).content.decode()
    with pytest.raises(CannotShip, match="only 1 × Brush set"):
        ship(shipment=two_goods, carrier="tcat", tracking="9001", actor=packer)
    assert StockItem.objects.get(ref="sku:UKE@main").on_hand == 10
    page = browser.get(f"{LIST}{two_goods.number}/split/").content.decode()
    assert 'value="2"' in page
    names = [f"later-{pk}" for pk in two_goods.lines.order_by("pk").values_list("pk", flat=True)]
    browser.post(f"{LIST}{two_goods.number}/split/", dict(zip(names, (0, 2), strict=True)))
    assert _contents() == [[3, 1], [2]]
    ship(shipment=two_goods, carrier="tcat", tracking="9001", actor=packer)
    sent = Movement.objects.filter(kind="sent", item__ref=ref).get()
    assert (sent.change, sent.place, sent.source, sent.actor_id) == (-1, shelf, two_goods.number, packer.pk)


@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_split_no_parcel(who: str, request: pytest.FixtureRequest, two_goods: Shipment, client_of: Any) -> None:
    address = f"{LIST}{two_goods.number}/split/"
    data = {f"later-{pk}": 1 for pk in two_goods.lines.values_list("pk", flat=True)}
    browser = client_of(request.getfixturevalue(who))
    assert browser.get(address).status_code == browser.post(address, data).status_code == 302
    assert Client().post(address, data)["Location"].startswith("/accounts/login/")
    assert Shipment.objects.count() == 1


def _two_packers_split(parcel: Shipment, packer: Any) -> list[Any]:
    line = parcel.lines.get()
    return at_once([lambda: split_parcel(shipment=parcel, later={line.pk: 1}, actor=packer) for _one in range(2)])


def _in_parcels() -> int:
    return sum(ShipmentLine.objects.filter(shipment__state="to_pack").values_list("quantity", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_packers_who_split_a_parcel_at_once_send_no_piece_twice(
    paid_order: Maker, packer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _slow_numbers(monkeypatch)
    order = paid_order(quantity=2)
    (parcel,) = create_shipments(order=order)
    answers = _two_packers_split(parcel, packer)
    assert sorted(type(answer).__name__ for answer in answers) == ["CannotSplit", "Shipment"], answers
    assert _in_parcels() == 2
    rows = list(Shipment.objects.all())
    at_once([lambda row=row: ship(shipment=row, carrier="own", tracking="", actor=packer) for row in rows * 2])  # type: ignore[misc]
    assert [piece.shipped for piece in pieces_of(order)] == [2]
    assert list(StockItem.objects.values_list("on_hand", "allocated")) == [(8, 0)]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_packers_pack_three_of_two(
    paid_order: Maker, packer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (parcel,) = create_shipments(order=paid_order(quantity=2))
    _slow_numbers(monkeypatch)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    _two_packers_split(parcel, packer)
    assert _in_parcels() == 3


def _slow_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment between reading what a parcel holds and writing it down."""
    honest = shop.fulfilment.flows.parcels.new_number

    def slowly() -> str:
        time.sleep(0.3)
        return honest()

    monkeypatch.setattr(shop.fulfilment.flows.parcels, "new_number", slowly)
