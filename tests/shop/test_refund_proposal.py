"""What an order's frozen policy proposes: by days, lessons, the kit's condition and whether the parcel has left."""

from typing import Any

import pytest

from courses.flows import open_lesson
from courses.models import Enrolment
from shop.catalogue.flows import set_policy
from shop.catalogue.policies import BY_LESSONS, EU, KEPT, OPENED, UNOPENED, Policy
from shop.checkout.flows import CannotRefund, refund_order
from shop.checkout.flows.propose import propose_refund
from shop.checkout.flows.refund_preview import part_of, preview_refund
from shop.fulfilment.flows import mark_delivered, request_return, ship
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Refund
from tests.factories import make_cohort, make_course, make_offer, make_sku
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def course(teacher: Any) -> Any:
    return make_course(lessons=11, teacher=teacher)


@pytest.fixture
def offer(course: Any, teacher: Any, owner: Any) -> Any:
    """CNY 469 for the seat, 130 for the kit; ten paid lessons: up to 10 % opened 80 % back, up to 35 % half of it."""
    made = make_offer(cohort=make_cohort(course=course, days=200), sku=make_sku(seller=teacher))
    set_policy(offer=made, policy=BY_LESSONS, actor=owner)
    made.refresh_from_db()
    return made


def part(order: Order, kind: str) -> OrderComponent:
    return OrderComponent.objects.get(line__order=order, kind=kind)


def opened(order: Order, course: Any, lessons: int) -> None:
    seat = Enrolment.objects.get(source=order.holder)
    for lesson in course.lessons.filter(is_preview=False).order_by("position")[:lessons]:
        open_lesson(enrolment=seat, lesson=lesson)


def delivered(order: Order, packer: Any) -> None:
    parcel = order.shipments.get()
    ship(shipment=parcel, carrier="post_tw", tracking="9001", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)


def sums(order: Order, **how: Any) -> tuple[dict[str, int], int]:
    found = propose_refund(order=order, **how)
    return {piece.kind: sum(given) for piece, given in found.parts.items()}, found.shipping


def test_before_anything_left_everything_comes_back_with_delivery(till: Till, offer: Any, student: Any) -> None:
    order = till.bought(offer, user=student, shipping=1500)
    assert sums(order) == ({"seat": 46900, "stock": 13000}, 1500)
    assert sums(order, keeps_course=True) == ({"stock": 13000}, 1500)


def test_later_the_course_comes_back_by_the_lessons_opened(
    till: Till, offer: Any, course: Any, student: Any, packer: Any, clock: Any
) -> None:
    order = till.bought(offer, user=student, shipping=1500)
    delivered(order, packer)
    opened(order, course, 1)
    assert sums(order, condition=OPENED) == ({"seat": 46900, "stock": 6500}, 0)
    clock.advance(days=8)
    assert sums(order, condition=OPENED) == ({"seat": 37520, "stock": 6500}, 0)
    opened(order, course, 3)
    found = propose_refund(order=order, condition=UNOPENED)
    assert {piece.kind: sum(given) for piece, given in found.parts.items()} == {"seat": 23450, "stock": 13000}
    assert "3 of 10 lessons were opened: 50 % by the table" in found.reason
    opened(order, course, 4)
    assert sums(order, condition=KEPT) == ({}, 0)


def test_the_policy_of_the_order_counts_not_the_offers_of_today(
    till: Till, offer: Any, student: Any, owner: Any, clock: Any
) -> None:
    order = till.bought(offer, user=student)
    set_policy(offer=offer, policy=Policy(cooling_days=0, return_days=0), actor=owner)
    clock.advance(days=8)
    assert sums(order)[0]["seat"] == 37520


def test_delivery_comes_back_after_sending_only_with_everything_and_where_promised(
    till: Till, offer: Any, student: Any, owner: Any, packer: Any, clock: Any
) -> None:
    set_policy(offer=offer, policy=EU, actor=owner)
    order = till.bought(offer, user=student, shipping=1500, consent=True)
    delivered(order, packer)
    assert sums(order) == ({"seat": 46900, "stock": 13000}, 1500)
    assert sums(order, keeps_course=True) == ({"stock": 13000}, 0)
    assert sums(order, condition=KEPT) == ({"seat": 46900}, 0)
    clock.advance(days=15)
    assert sums(order) == ({}, 0)


def test_a_return_asked_for_in_time_counts_from_then(till: Till, offer: Any, student: Any, packer: Any, clock: Any) -> None:
    order = till.bought(offer, user=student)
    delivered(order, packer)
    clock.advance(days=13)
    request_return(order=order, component=part(order, "stock"))
    clock.advance(days=10)
    assert sums(order)[0]["stock"] == 13000
    late = till.bought(offer, email="late@demo.test")
    delivered(late, packer)
    clock.advance(days=15)
    assert "stock" not in sums(late)[0]


def test_what_was_given_back_before_is_not_proposed_again(till: Till, offer: Any, student: Any, clock: Any) -> None:
    order = till.bought(offer, user=student)
    seat = part(order, "seat")
    refund_order(order=order, components={seat: (10000, 0)}, actor=None, reason="")
    till.deliver()
    assert sums(order)[0]["seat"] == 36900
    clock.advance(days=8)
    assert sums(order)[0]["seat"] == 37520 - 10000


def test_shares_come_in_the_currencys_steps(till: Till, course: Any, student: Any, owner: Any, clock: Any) -> None:
    krona = make_offer(cohort=make_cohort(course=course, days=200), price=1234500, currency="ISK", weights=(1, 0))
    set_policy(offer=krona, policy=Policy(opened=((10, 33),), opened_days=60), actor=owner)
    krona.refresh_from_db()
    order = till.bought(krona, user=student)
    clock.advance(days=8)
    found = propose_refund(order=order)
    assert sum(sum(given) for given in found.parts.values()) == 407400
    refund_order(order=order, components=found.parts, actor=None, reason="")
    till.deliver()


def test_an_amount_is_shared_by_what_is_left_and_leaves_nothing_over(till: Till, offer: Any, student: Any) -> None:
    order = till.bought(offer, user=student, shipping=1500)
    for amount in (10001, 777, 61400 - 10001 - 777):
        components, shipping = part_of(order, amount)
        refund = refund_order(order=order, components=components, shipping=shipping, actor=None, reason="")
        assert refund.amount == amount
        till.deliver()
    assert sum(Refund.objects.values_list("shipping_amount", flat=True)) == 1500
    with pytest.raises(CannotRefund):
        part_of(order, 1)


def test_an_amount_of_chosen_parts_stays_with_them(till: Till, offer: Any, student: Any) -> None:
    order = till.bought(offer, user=student, shipping=1500)
    kit = part(order, "stock")
    components, shipping = part_of(order, 5000, {kit.pk})
    assert ({piece.pk: sum(given) for piece, given in components.items()}, shipping) == ({kit.pk: 5000}, 0)
    for wrong in (13001, 0, -1):
        with pytest.raises(CannotRefund):
            part_of(order, wrong, {kit.pk})


def test_an_amount_off_the_step_is_refused_and_one_on_it_leaves_a_rest_on_it(till: Till, course: Any, student: Any) -> None:
    krona = make_offer(cohort=make_cohort(course=course), sku=make_sku(currency="ISK"), price=990000, currency="ISK")
    order = till.bought(krona, user=student)
    with pytest.raises(CannotRefund):
        part_of(order, 10050)
    components, shipping = part_of(order, 33300)
    refund_order(order=order, components=components, shipping=shipping, actor=None, reason="")
    till.deliver()
    assert all(sum(given) % 100 == 0 for given in components.values())
    refund_order(order=order, actor=None, reason="")
    till.deliver()


def test_more_delivery_than_is_left_is_refused(till: Till, offer: Any, student: Any) -> None:
    order = till.bought(offer, user=student, shipping=1500)
    with pytest.raises(CannotRefund):
        preview_refund(order=order, components={}, shipping=1501)
    refund_order(order=order, components={}, shipping=1500, actor=None, reason="late")
    till.deliver()
    with pytest.raises(CannotRefund):
        preview_refund(order=order, components={}, shipping=1)
