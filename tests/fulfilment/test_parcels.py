from typing import Any

import pytest
from django.core import mail

from courses.models import Enrolment
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from shop.fulfilment.flows import (
    CannotReturn,
    CannotShip,
    create_shipments,
    mark_arrived,
    mark_delivered,
    request_return,
    ship,
    stop_shipments,
)
from shop.fulfilment.models import Return, Shipment
from shop.fulfilment.rules import kept_pieces
from shop.orders.models import Order, OrderComponent
from shop.orders.reads import fulfilment_status, pieces_of
from shop.payments.models import Dispute, Payment, Refund, RefundLine
from stock.models import StockItem
from tests.factories import enrol, make_cohort, make_offer, make_sku
from tests.fulfilment.conftest import Maker

pytestmark = pytest.mark.django_db


def _refund(piece: OrderComponent) -> None:
    piece.refunded_net, piece.refunded_tax = piece.net, piece.tax
    piece.save()


def _deliver_outbox() -> None:
    for message_id in due_message_ids():
        deliver(message_id=message_id)


def test_a_paid_order_gets_one_parcel_however_often_it_is_settled(paid_order: Maker) -> None:
    order = paid_order(offers=[make_offer(sku=make_sku()), make_offer(sku=make_sku(small=True))])
    (parcel,) = create_shipments(order=order)
    assert create_shipments(order=order) == []
    assert parcel.lines.count() == 2
    assert parcel.number.startswith("CY-S-")


def test_an_order_of_seats_alone_and_an_unpaid_one_get_none(paid_order: Maker) -> None:
    assert create_shipments(order=paid_order(offers=[make_offer(cohort=make_cohort())])) == []
    waiting = paid_order()
    Order.objects.filter(pk=waiting.pk).update(state="awaiting")
    assert create_shipments(order=waiting) == []


def test_shipping_takes_the_goods_from_the_shelf_once(paid_order: Maker, packer: Any) -> None:
    sku = make_sku(on_hand=5)
    order = paid_order(offers=[make_offer(sku=sku)], quantity=2)
    (parcel,) = create_shipments(order=order)
    for _again in range(2):
        ship(shipment=parcel, carrier="tcat", tracking=" 9000 ", actor=packer)
    item = StockItem.objects.get(ref=sku.stock_ref)
    assert (item.on_hand, item.allocated) == (3, 0)
    (piece,) = pieces_of(order)
    assert piece.shipped == 2
    assert fulfilment_status([piece]) == "sent"
    assert AuditEntry.objects.filter(action="shipment.shipped", target=order.holder, actor_id=packer.pk).count() == 1


def test_what_was_refunded_is_not_shipped(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    (parcel,) = create_shipments(order=order)
    _refund(pieces_of(order)[0])
    with pytest.raises(CannotShip, match="refunded"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    assert StockItem.objects.get(ref=pieces_of(order)[0].ref).on_hand == 10


def test_a_parcel_of_an_order_under_review_stays(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    (parcel,) = create_shipments(order=order)
    Order.objects.filter(pk=order.pk).update(state="review")
    with pytest.raises(CannotShip, match="not paid"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)


def test_stopping_gives_the_goods_back_exactly_once(paid_order: Maker, packer: Any) -> None:
    order = paid_order(quantity=2)
    (parcel,) = create_shipments(order=order)
    assert [row.pk for row in stop_shipments(order=order)] == [parcel.pk]
    assert stop_shipments(order=order) == []
    item = StockItem.objects.get(ref=pieces_of(order)[0].ref)
    assert (item.on_hand, item.allocated, item.free) == (10, 0, 10)
    with pytest.raises(CannotShip, match="stopped"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)


def test_stopping_one_thing_leaves_the_other_in_a_new_parcel(paid_order: Maker, packer: Any) -> None:
    order = paid_order(offers=[make_offer(sku=make_sku()), make_offer(sku=make_sku(small=True))])
    (old,) = create_shipments(order=order)
    gone, kept = pieces_of(order)
    _refund(gone)
    stop_shipments(order=order, components=[gone])
    new = Shipment.objects.get(order=order, state="to_pack")
    assert new.number != old.number
    assert [line.component for line in new.lines.all()] == [kept]
    ship(shipment=new, carrier="sf", tracking="SF01", actor=packer)
    assert StockItem.objects.get(ref=gone.ref).on_hand == 10
    assert StockItem.objects.get(ref=kept.ref).on_hand == 9


def test_a_refund_that_failed_afterwards_makes_a_parcel_again(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    create_shipments(order=order)
    stop_shipments(order=order)
    (again,) = create_shipments(order=order)
    ship(shipment=again, carrier="own", tracking="", actor=packer)
    item = StockItem.objects.get(ref=pieces_of(order)[0].ref)
    assert (item.on_hand, item.allocated) == (9, 0)


def test_delivery_begins_day_one_and_tells_the_rooms_above_once(paid_order: Maker, packer: Any, student: Any, clock: Any) -> None:
    cohort = make_cohort(start_rule="delivery")
    order = paid_order(offers=[make_offer(cohort=cohort, sku=make_sku())], user=student)
    seat = enrol(student, cohort, source=order.holder)
    assert seat.starts_on is None
    (parcel,) = create_shipments(order=order)
    with pytest.raises(CannotShip):
        mark_delivered(shipment=parcel, actor=packer)
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    clock.advance(days=3)
    mark_delivered(shipment=parcel, actor=packer)
    day_one = Enrolment.objects.get(pk=seat.pk).starts_on
    clock.advance(days=2)
    mark_delivered(shipment=parcel, actor=packer)
    assert (day_one - cohort.starts_on).days == 3
    assert Enrolment.objects.get(pk=seat.pk).starts_on == day_one


def test_a_guest_is_told_by_mail_with_a_link_to_follow_the_parcel(paid_order: Maker, packer: Any) -> None:
    order = paid_order(email="guest@demo.test")
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="sf", tracking="SF 10-2", actor=packer)
    _deliver_outbox()
    (message,) = mail.outbox
    assert message.to == ["guest@demo.test"]
    assert "on its way" in message.subject
    assert "waybill-detail/SF%2010-2" in message.body
    assert f"/orders/{order.number}/?key=" in message.body


def test_a_home_parcel_never_waits_at_a_store(paid_order: Maker, packer: Any) -> None:
    (parcel,) = create_shipments(order=paid_order())
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    with pytest.raises(CannotShip, match="store"):
        mark_arrived(shipment=parcel, actor=packer)


def _delivered(order: Order, packer: Any) -> OrderComponent:
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    return pieces_of(order)[0]


def test_the_time_for_sending_back_ends(paid_order: Maker, packer: Any, clock: Any) -> None:
    order = paid_order()
    piece = _delivered(order, packer)
    clock.advance(days=8)
    with pytest.raises(CannotReturn, match="over"):
        request_return(order=order, component=piece, quantity=1)
    assert not Return.objects.exists()


def test_another_orders_goods_and_goods_on_their_way_cannot_be_sent_back(paid_order: Maker, packer: Any) -> None:
    order, other = paid_order(), paid_order()
    (parcel,) = create_shipments(order=order)
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    with pytest.raises(CannotReturn):
        request_return(order=order, component=pieces_of(other)[0], quantity=1)
    with pytest.raises(CannotReturn):
        request_return(order=order, component=pieces_of(order)[0], quantity=1)


def _payment(order: Order) -> Payment:
    return Payment.objects.create(
        order=order,
        key=f"pay-{order.pk}",
        amount=order.total,
        currency="CNY",
        state="succeeded",
        created_at=order.paid_at,
        expires_at=order.hold_until,
        settled_at=order.paid_at,
    )


def test_a_refund_that_stripe_has_not_answered_keeps_the_parcel_here(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    (parcel,) = create_shipments(order=order)
    (piece,) = pieces_of(order)
    refund = Refund.objects.create(payment=_payment(order), key="r", amount=order.total, currency="CNY", created_at=order.paid_at)
    RefundLine.objects.create(refund=refund, component=piece, net=piece.net, tax=piece.tax)
    with pytest.raises(CannotShip, match="under way"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    Refund.objects.update(state="failed")
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)


def test_a_payment_in_dispute_keeps_the_parcel_here_until_it_is_won(paid_order: Maker, packer: Any) -> None:
    order = paid_order()
    (parcel,) = create_shipments(order=order)
    Dispute.objects.create(
        payment=_payment(order),
        provider_id="dp_1",
        amount=order.total,
        currency="CNY",
        state="needs_response",
        opened_at=order.paid_at,
    )
    with pytest.raises(CannotShip, match="disputes"):
        ship(shipment=parcel, carrier="own", tracking="", actor=packer)
    Dispute.objects.update(state="won")
    ship(shipment=parcel, carrier="own", tracking="", actor=packer)


def test_three_pieces_of_which_one_is_refunded_leave_two(paid_order: Maker, packer: Any) -> None:
    order = paid_order(quantity=3)
    create_shipments(order=order)
    (piece,) = pieces_of(order)
    piece.refunded_net, piece.refunded_tax = piece.net // 3, piece.tax // 3
    piece.save()
    stop_shipments(order=order, components=[piece])
    (again,) = create_shipments(order=order)
    assert again.lines.get().quantity == 2
    ship(shipment=again, carrier="own", tracking="", actor=packer)
    item = StockItem.objects.get(ref=piece.ref)
    assert (item.on_hand, item.allocated) == (8, 0)


def test_a_free_gift_follows_what_it_came_with() -> None:
    paid, gift = (
        OrderComponent(pk=1, line_id=1, quantity=1, net=100),
        OrderComponent(pk=2, line_id=1, quantity=1, net=0),
    )
    assert kept_pieces(gift, [paid, gift]) == 1
    paid.refunded_net = 100
    assert kept_pieces(gift, [paid, gift]) == 0
