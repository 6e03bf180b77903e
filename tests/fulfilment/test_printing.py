"""Paper that no longer tells the truth stops its parcel: /admin/shop/parcels/, …/address/, print_parcels, readdress."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kit.clock import now
from kit.models import AuditEntry
from shop.fulfilment.flows import CannotReaddress, CannotShip, create_shipments, print_parcels, readdress, ship, stop_shipments
from shop.fulfilment.models import Shipment
from shop.orders.models import Delivery, Order
from shop.orders.reads import pieces_of
from stock import flows as stock
from tests.factories import make_cohort, make_offer, make_sku
from tests.fulfilment.conftest import HOME, STORE, Maker

pytestmark = pytest.mark.django_db
LIST, ACT = "/admin/shop/parcels/", "/admin/shop/parcels/act/"
ELSEWHERE = replace(HOME, city="信義區", street="松仁路 100 號", postal_code="110")


@pytest.fixture
def parcel(paid_order: Maker) -> Shipment:
    return create_shipments(order=paid_order())[0]


def _fields(**changes: str) -> dict[str, str]:
    names = ("name", "phone", "country", "region", "city", "street", "postal_code")
    return {**{name: getattr(ELSEWHERE, name) for name in names}, **changes}


def test_printing_writes_down_who_when_and_what(parcel: Shipment, packer: Any, client_of: Any) -> None:
    client_of(packer).post(ACT, {"action": "slips", "parcel": parcel.pk})
    parcel.refresh_from_db()
    assert parcel.printed_by == packer
    assert parcel.printed_at is not None
    line = AuditEntry.objects.get(action="shipment.printed", target=parcel.order.holder)
    assert line.actor_id == packer.pk
    assert line.after == {"parcel": parcel.number, "fingerprint": parcel.printed_mark}


def test_a_parcel_readdressed_after_printing_turns_red_and_stays_until_printed_again(
    parcel: Shipment, packer: Any, client_of: Any
) -> None:
    browser = client_of(packer)
    browser.post(ACT, {"action": "slips", "parcel": parcel.pk})
    browser.post(f"{LIST}{parcel.number}/address/", _fields())
    assert Delivery.objects.get().city == "信義區"
    page = browser.get(LIST).content.decode()
    assert "yard-alarm-row" in page
    assert f"The address of {parcel.number} changed after its slip was printed" in page
    answer = browser.post(ACT, {"action": "shipped", "parcel": parcel.pk}, follow=True).content.decode()
    assert "print it again" in answer
    parcel.refresh_from_db()
    assert parcel.state == "to_pack"
    browser.post(ACT, {"action": "slips", "parcel": parcel.pk})
    assert "yard-alarm-row" not in browser.get(LIST).content.decode()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)


def test_an_address_changed_and_changed_back_leaves_the_slip_true(parcel: Shipment, packer: Any) -> None:
    print_parcels(shipments=[parcel], actor=packer)
    readdress(order=parcel.order, delivery=ELSEWHERE, actor=packer)
    readdress(order=parcel.order, delivery=HOME, actor=packer)
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)


def test_a_parcel_readdressed_before_printing_just_leaves(parcel: Shipment, packer: Any) -> None:
    readdress(order=parcel.order, delivery=ELSEWHERE, actor=packer)
    print_parcels(shipments=[parcel], actor=packer)
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)


def test_the_trail_of_an_address_holds_no_address(parcel: Shipment, packer: Any) -> None:
    readdress(order=parcel.order, delivery=ELSEWHERE, actor=packer)
    line = AuditEntry.objects.get(action="delivery.changed")
    assert (line.target, line.actor_id) == (parcel.order.holder, packer.pk)
    assert line.after == {"fields": ["city", "street", "postal_code"]}


def test_what_has_left_keeps_its_address(parcel: Shipment, packer: Any) -> None:
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    with pytest.raises(CannotReaddress):
        readdress(order=parcel.order, delivery=ELSEWHERE, actor=packer)
    assert Delivery.objects.get().city == HOME.city


def test_a_store_is_changed_for_another(paid_order: Maker, packer: Any, client_of: Any) -> None:
    order = paid_order(offers=[make_offer(sku=make_sku(small=True))], delivery=STORE)
    (parcel,) = create_shipments(order=order)
    address = f"{LIST}{parcel.number}/address/"
    data = {"name": "陳小晨", "phone": "0912345678", "chain": "family", "store_code": "654321", "store_name": "信義門市"}
    page = client_of(packer).post(address, {**data, "store_code": "12"}).content.decode()
    assert "error-message" in page
    client_of(packer).post(address, data)
    assert Delivery.objects.get().store_name == "信義門市"


def test_an_address_that_does_not_fit_together_is_refused_and_a_choice_alone_changes_nothing(
    parcel: Shipment, packer: Any, client_of: Any
) -> None:
    browser, address = client_of(packer), f"{LIST}{parcel.number}/address/"
    assert "does not fit" in browser.post(address, _fields(city="鼓山區")).content.decode()
    assert 'value="鼓山區"' in browser.post(address, {**_fields(region="高雄市"), "refresh": "yes"}).content.decode()
    assert Delivery.objects.get().region == HOME.region


@pytest.mark.parametrize("who", ["teacher", "student", "moderator"])
def test_others_see_and_change_no_address(who: str, request: pytest.FixtureRequest, parcel: Shipment, client_of: Any) -> None:
    browser = client_of(request.getfixturevalue(who))
    address = f"{LIST}{parcel.number}/address/"
    assert browser.get(address).status_code == browser.post(address, _fields()).status_code == 302
    assert Client().post(address, _fields())["Location"].startswith("/accounts/login/")
    assert Delivery.objects.get().city == HOME.city


def test_a_refund_after_printing_stops_the_parcel_for_good(parcel: Shipment, packer: Any, client_of: Any) -> None:
    browser = client_of(packer)
    browser.post(ACT, {"action": "slips", "parcel": parcel.pk})
    (piece,) = pieces_of(parcel.order)
    piece.refunded_net, piece.refunded_tax = piece.net, piece.tax
    piece.save()
    assert f"{parcel.number} holds something that was refunded" in browser.get(LIST).content.decode()
    stop_shipments(order=parcel.order, components=[piece])
    assert parcel.number in browser.get(LIST).content.decode()
    browser.post(ACT, {"action": "slips", "parcel": parcel.pk})
    with pytest.raises(CannotShip, match="stopped"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)


def test_a_held_parcel_is_not_picked(paid_order: Maker, packer: Any, client_of: Any) -> None:
    sku = make_sku(code="UKE", name="Ukulele <21>")
    good, bad = (create_shipments(order=paid_order(offers=[make_offer(sku=sku)], quantity=2))[0] for _one in range(2))
    page = client_of(packer).get(LIST).content.decode()
    assert "4 ×" in page
    assert "Ukulele &lt;21&gt;" in page
    Order.objects.filter(pk=bad.order_id).update(state="review")
    page = client_of(packer).get(LIST).content.decode()
    assert "4 ×" not in page
    assert f"The order of {bad.number} is not paid" in page
    assert good.number in page


def test_the_pick_list_says_where_the_pieces_lie(paid_order: Maker, packer: Any, client_of: Any) -> None:
    sku = make_sku(on_hand=3)
    loft = stock.ensure_place(code="loft", name="Loft")
    stock.move(ref=sku.stock_ref, origin=stock.ensure_place(), to=loft, quantity=2, cause=stock.Cause())
    create_shipments(order=paid_order(offers=[make_offer(sku=sku)], quantity=3))
    page = client_of(packer).get(LIST).content.decode()
    assert "Main shelf: 1" in page
    assert "Loft: 2" in page


def test_soonest_class_first_then_who_paid_first(paid_order: Maker, packer: Any, client_of: Any) -> None:
    offer = make_offer()
    late, early = (create_shipments(order=paid_order(offers=[offer]))[0] for _one in range(2))
    classy = create_shipments(order=paid_order(offers=[make_offer(cohort=make_cohort(), sku=make_sku())]))[0]
    Order.objects.filter(pk=early.order_id).update(paid_at=now() - timedelta(days=2))
    page = client_of(packer).get(LIST).content.decode()
    numbers = [classy.number, early.number, late.number]
    assert sorted(numbers, key=lambda number: page.index(f"{LIST}{number}/")) == numbers
