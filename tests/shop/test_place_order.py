"""shop.checkout.flows.place_order: everything is held, or nothing is."""

from datetime import timedelta
from typing import Any

import pytest

from kit.clock import now
from shop.catalogue.flows import close_offer
from shop.catalogue.shipping import Fee
from shop.checkout.flows import CannotOrder, SoldOut, begin_payment, place_order, release_expired_orders
from shop.orders.models import Order
from shop.payments.models import Payment
from stock.flows import set_on_hand
from stock.models import Reservation, StockItem
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku
from tests.shop.till import Till, check_audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_an_order_holds_seat_and_kit_longer_than_its_payment_page_lives(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    assert (order.state, order.total, order.user) == (Order.State.AWAITING, 59900, student)
    assert sorted(Reservation.objects.values_list("holder", "quantity", "state")) == [(order.holder, 1, "held")] * 2
    till.begin(order)
    order.refresh_from_db()
    assert order.hold_until > order.payments.get().expires_at
    check_audit()


def test_the_same_form_twice_is_one_order(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    first = till.place(basket=basket, user=student, key="form-a")
    assert till.place(basket=basket, user=student, key="form-a") == first
    assert Reservation.objects.count() == 2


def test_another_baskets_key_opens_nothing(till: Till, bundle: Any, student: Any, visitor: Any) -> None:
    first = till.place(bundle, user=student, key="form-a")
    assert till.place(bundle, user=visitor, key="form-a") != first


def test_fault_06_two_lines_that_share_the_last_kit_are_refused_whole(till: Till, student: Any, teacher: Any) -> None:
    sku = make_sku(seller=teacher, on_hand=1)
    one, two = (make_offer(cohort=make_cohort(course=make_course(lessons=1)), sku=sku) for _n in range(2))
    with pytest.raises(SoldOut, match="not charged"):
        till.place(one, two, user=student)
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()
    set_on_hand(ref=sku.stock_ref, on_hand=2)
    till.place(one, two, user=student)
    assert StockItem.objects.get(ref=sku.stock_ref).reserved == 2


def test_fault_07_a_free_seat_without_its_instrument_reserves_nothing(till: Till, bundle: Any, student: Any) -> None:
    set_on_hand(ref="sku:UKE-S@main", on_hand=0)
    with pytest.raises(SoldOut, match="Ukulele class with kit"):
        till.place(bundle, user=student)
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()


def test_what_is_no_longer_for_sale_is_refused(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    basket = till.basket(bundle)
    close_offer(offer=bundle, actor=owner)
    with pytest.raises(CannotOrder):
        till.place(basket=basket, user=student)


def test_an_empty_basket_is_refused(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    basket.lines.all().delete()
    with pytest.raises(CannotOrder):
        till.place(basket=basket, user=student)


def test_nobody_pays_twice_for_their_own_seat(till: Till, bundle: Any, student: Any) -> None:
    enrol(student, bundle.bundles.get().components.get(kind="seat").cohort)
    with pytest.raises(CannotOrder, match="already have a seat"):
        till.place(bundle, user=student)


def test_ones_own_unpaid_order_does_not_stand_in_the_way(till: Till, bundle: Any, student: Any) -> None:
    set_on_hand(ref="sku:UKE-S@main", on_hand=1)
    basket = till.basket(bundle)
    first = till.place(basket=basket, user=student)
    session_id = till.begin(first)
    second = till.place(basket=basket, user=student)
    first.refresh_from_db()
    assert (first.state, second.state) == (Order.State.EXPIRED, Order.State.AWAITING)
    session = till.stand_in.world.store.find(session_id)
    assert session is not None
    assert session["status"] == "expired"
    check_audit()


def test_an_unpaid_order_of_the_same_basket_is_superseded(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    first = till.place(basket=basket, user=student)
    begin_payment(order=first)
    till.place(basket=basket, user=student)
    assert release_expired_orders() == 1
    first.refresh_from_db()
    assert first.state == Order.State.EXPIRED
    assert StockItem.objects.get(ref="sku:UKE-S@main").reserved == 1


def test_somebody_elses_last_piece_stays_theirs(till: Till, bundle: Any, student: Any, visitor: Any) -> None:
    set_on_hand(ref="sku:UKE-S@main", on_hand=1)
    first = till.place(bundle, user=student)
    with pytest.raises(SoldOut):
        till.place(bundle, user=visitor)
    first.refresh_from_db()
    assert first.state == Order.State.AWAITING
    assert not Payment.objects.exists()


def test_the_place_where_the_offer_stood_and_the_promises_are_kept(till: Till, bundle: Any, student: Any) -> None:
    basket = till.basket(bundle)
    basket.lines.update(place="topic:12", return_to="/community/ukulele/12/")
    order = till.place(basket=basket, user=student)
    assert (order.place, order.return_to) == ("topic:12", "/community/ukulele/12/")
    assert order.terms["refund_days"] == bundle.refund_days
    assert order.terms["offers"][str(bundle.pk)]["return_days"] == bundle.return_days
    assert order.hold_until > now() + timedelta(minutes=30)


def test_everything_in_the_basket_is_written_down(till: Till, bundle: Any, student: Any, teacher: Any) -> None:
    kit = make_offer(sku=make_sku(seller=teacher), price=13000)
    basket = till.basket(bundle, kit)
    who = {"user": student, "email": "An@Demo.test", "language": "zh-hant", "name": "An"}
    order = place_order(basket=basket, key="k", shipping=Fee(1000), **who)
    assert order.email == "an@demo.test"
    assert order.total == 59900 + 13000 + 1000
    assert order.lines.count() == 2


def _held(email: str = "") -> int:
    release_expired_orders()
    rows = Order.objects.filter(state=Order.State.AWAITING)
    return (rows.filter(email__iexact=email) if email else rows).count()


def test_one_person_holds_five_unpaid_orders_at_once_and_no_more(till: Till, bundle: Any) -> None:
    """Otherwise one visitor empties a class without paying, again and again."""
    first = till.place(bundle, email="hoarder@x.test")
    for _one in range(4):
        till.place(bundle, email="Hoarder@X.test")
    assert _held("hoarder@x.test") == 5
    last = till.place(bundle, email="hoarder@x.test")
    assert _held("hoarder@x.test") == 5
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.state, last.state) == (Order.State.EXPIRED, Order.State.AWAITING), "the oldest ends"
    till.place(bundle, email="other@x.test")
    assert _held() == 6
    check_audit()


def test_what_is_paid_does_not_count_as_waiting(till: Till, bundle: Any) -> None:
    for _one in range(6):
        till.bought(bundle, email="diligent@x.test")
    assert Order.objects.filter(state=Order.State.PAID).count() == 6


def test_a_members_unpaid_orders_count_whatever_the_address(till: Till, bundle: Any, student: Any) -> None:
    for number in range(7):
        till.place(bundle, user=student, email=f"s{number}@x.test")
    assert _held() == 5


def test_an_order_that_waits_for_a_bank_transfer_is_not_ended(till: Till, bundle: Any, clock: Any) -> None:
    slow = till.place(bundle, email="slow@x.test")
    Order.objects.filter(pk=slow.pk).update(hold_until=now() + timedelta(days=5))
    for _one in range(6):
        till.place(bundle, email="slow@x.test")
    assert _held("slow@x.test") == 6
    slow.refresh_from_db()
    assert slow.state == Order.State.AWAITING
