"""A student moves to another class: seat, day 1, place, work; and the order still finds the seat."""

from datetime import timedelta
from typing import Any

import pytest

from community.models import Membership, Space
from courses.flows import CannotTransfer, complete_lesson, grant_seat, join_wait_list, submit_homework, transfer_seat
from courses.models import Assignment, Enrolment, ProgressEvent, Submission, WaitListEntry
from kit.clock import local_date, now
from kit.models import AuditEntry
from notices.models import Notice
from shop.checkout.flows import refund_order
from shop.orders.models import Order
from stock.flows import OutOfStock
from stock.models import StockItem
from tests.factories import enrol, make_cohort, make_course, make_offer, make_sku, make_user
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def spring(teacher: Any) -> Any:
    return make_cohort(course=make_course(lessons=2, homework_on=1), seats=1, slug="spring", name="Spring")


@pytest.fixture
def summer(spring: Any) -> Any:
    day = local_date(now(), spring.time_zone) + timedelta(days=40)
    return make_cohort(course=spring.course, seats=1, slug="summer", name="Summer", starts_on=day)


def seats(cohort: Any) -> tuple[int, int]:
    item = StockItem.objects.get(ref=cohort.seat_ref)
    return item.allocated, item.free


def test_the_seat_moves_with_all_that_was_done_in_it(
    till: Till, spring: Any, summer: Any, student: Any, teacher: Any, client_of: Any
) -> None:
    order = till.bought(make_offer(cohort=spring), user=student)
    seat = Enrolment.objects.get(user=student)
    lesson = spring.course.lessons.first()
    complete_lesson(enrolment=seat, lesson=lesson)
    submit_homework(enrolment=seat, assignment=Assignment.objects.get(lesson=lesson), text="Here")
    answer = client_of(teacher).post(f"/teach/classes/spring/students/{seat.pk}/", {"to": "summer"})
    assert answer.headers["Location"] == f"/teach/classes/summer/students/{seat.pk}/"
    seat.refresh_from_db()
    assert (seat.cohort, seat.starts_on, seat.source) == (summer, summer.starts_on, order.holder)
    assert (seats(spring), seats(summer)) == ((0, 1), (1, 0))
    places = Membership.objects.filter(user=student, ended_at=None).values_list("space", flat=True)
    assert set(places) == set(Space.objects.filter(about=summer.seat_ref).values_list("pk", flat=True))
    assert ProgressEvent.objects.filter(enrolment=seat, kind="completed").count() == Submission.objects.count() == 1
    assert Notice.objects.filter(user=student, key__startswith="transfer:").count() == 1
    assert AuditEntry.objects.get(action="seat.transfer").actor_id == teacher.pk
    assert "Summer" in client_of(student).get("/en/learn/").content.decode()
    assert "Summer" in client_of(student).get(f"/en/orders/{order.number}/").content.decode()
    till.check_books()


def test_a_refund_after_a_transfer_ends_the_new_seat_and_frees_it(till: Till, spring: Any, summer: Any, student: Any) -> None:
    order = till.bought(make_offer(cohort=spring), user=student)
    seat = Enrolment.objects.get(user=student)
    transfer_seat(enrolment=seat, to=summer, actor=None)
    waits = make_user()
    join_wait_list(user=waits, cohort=summer)
    refund_order(order=order, actor=None, reason="asked for it")
    till.deliver()
    seat.refresh_from_db()
    assert seat.state == "revoked"
    assert seats(spring) == (0, 1)
    assert seats(summer)[0] == 0
    assert WaitListEntry.objects.get(user=waits).state == "offered"
    assert not Membership.objects.filter(user=student, ended_at=None).exists()
    till.check_books()


def test_the_same_order_settled_once_more_gives_no_second_seat(till: Till, spring: Any, summer: Any, student: Any) -> None:
    order = till.bought(make_offer(cohort=spring), user=student)
    seat = transfer_seat(enrolment=Enrolment.objects.get(user=student), to=summer, actor=None)
    assert grant_seat(user=student, cohort=spring, source=order.holder) == seat
    assert Enrolment.objects.count() == 1
    back = transfer_seat(enrolment=seat, to=spring, actor=None)
    refund_order(order=order, actor=None, reason="asked for it")
    till.deliver()
    back.refresh_from_db()
    assert (back.state, seats(spring), seats(summer)) == ("revoked", (0, 1), (0, 1))


def test_a_full_class_a_foreign_course_and_an_ended_seat_are_refused_and_nothing_changes(
    till: Till, spring: Any, summer: Any, student: Any, teacher: Any, client_of: Any
) -> None:
    offer = make_offer(cohort=summer)
    till.bought(offer, user=make_user())
    till.bought(make_offer(cohort=spring), user=student)
    seat = Enrolment.objects.get(user=student)
    with pytest.raises(OutOfStock):
        transfer_seat(enrolment=seat, to=summer, actor=teacher)
    path = f"/teach/classes/spring/students/{seat.pk}/"
    assert "Summer is full" in client_of(teacher).post(f"/en{path}", {"to": "summer"}, follow=True).content.decode()
    foreign = make_cohort(course=make_course(lessons=1))
    with pytest.raises(CannotTransfer):
        transfer_seat(enrolment=seat, to=foreign, actor=teacher)
    assert client_of(teacher).post(path, {"to": foreign.slug}).status_code == 404
    seat.refresh_from_db()
    assert (seat.cohort, seats(spring)) == (spring, (1, 0))


def test_a_seat_that_waits_for_its_kit_goes_on_waiting(till: Till, spring: Any, summer: Any, student: Any) -> None:
    spring.start_rule = "delivery"
    spring.save()
    till.bought(make_offer(cohort=spring, sku=make_sku()), user=student)
    seat = transfer_seat(enrolment=Enrolment.objects.get(user=student), to=summer, actor=None)
    assert seat.starts_on is None
    from courses.flows import begin_day_one

    begin_day_one(source=seat.source, on=local_date(now(), student.time_zone), kit_came=True)
    seat.refresh_from_db()
    assert seat.starts_on == summer.starts_on


def test_a_seat_that_staff_gave_is_counted_in_its_new_class(spring: Any, summer: Any, student: Any) -> None:
    transfer_seat(enrolment=enrol(student, spring), to=summer, actor=None)
    assert (seats(spring), seats(summer)) == ((0, 1), (1, 0))


def test_the_seat_given_up_goes_to_the_line(till: Till, spring: Any, summer: Any, student: Any) -> None:
    till.bought(make_offer(cohort=spring), user=student)
    waits = make_user()
    join_wait_list(user=waits, cohort=spring)
    transfer_seat(enrolment=Enrolment.objects.get(user=student), to=summer, actor=None)
    assert WaitListEntry.objects.get(user=waits).state == "offered"
    assert seats(spring) == (0, 0)
    assert Order.objects.count() == 1
