"""Seats: granted once per source, ended by their source, begun by a parcel."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from community.models import Membership
from courses.flows import begin_day_one, grant_seat, revoke_seat
from courses.models import Enrolment
from kit.clock import now
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course, make_user

pytestmark = pytest.mark.django_db


def in_space(user: Any, cohort: Any) -> bool:
    return Membership.objects.filter(user=user, space__about=cohort.seat_ref, ended_at=None).exists()


def test_a_seat_brings_a_place_in_the_class_space_and_a_notice(student: Any) -> None:
    cohort = make_cohort()
    seat = enrol(student, cohort, source="order:1")
    assert seat.state == "active"
    assert in_space(student, cohort)
    assert Notice.objects.filter(user=student, gate=cohort.seat_ref).count() == 1


def test_the_same_source_grants_once_however_often_it_comes(student: Any) -> None:
    cohort = make_cohort()
    first = enrol(student, cohort, source="order:1")
    assert enrol(student, cohort, source="order:1") == first
    assert Enrolment.objects.count() == 1
    assert Notice.objects.filter(user=student).count() == 1


def test_a_late_replay_does_not_give_back_what_a_refund_took(student: Any) -> None:
    cohort = make_cohort()
    enrol(student, cohort, source="order:1")
    revoke_seat(source="order:1")
    assert enrol(student, cohort, source="order:1").state == "revoked"
    assert not in_space(student, cohort)


def test_a_second_purchase_keeps_the_seat_one_has(student: Any) -> None:
    cohort = make_cohort()
    first = enrol(student, cohort, source="order:1")
    assert enrol(student, cohort, source="order:2") == first
    assert revoke_seat(source="order:2") == []
    assert Enrolment.objects.get().state == "active"


def test_after_a_refund_one_may_buy_again(student: Any) -> None:
    cohort = make_cohort()
    enrol(student, cohort, source="order:1")
    assert len(revoke_seat(source="order:1")) == 1
    assert enrol(student, cohort, source="order:2").state == "active"
    assert in_space(student, cohort)


def test_revoking_twice_ends_once(student: Any) -> None:
    enrol(student, make_cohort(), source="order:1")
    assert len(revoke_seat(source="order:1")) == 1
    ended = Enrolment.objects.get().ended_at
    assert revoke_seat(source="order:1") == []
    assert Enrolment.objects.get().ended_at == ended


def test_day_one_is_today_in_a_running_class_and_the_first_day_in_a_coming_one(clock: Any) -> None:
    clock.set(datetime(2026, 3, 10, 17, 0, tzinfo=UTC))  # already the 11th in Taipei, still the 10th in Los Angeles
    course = make_course(lessons=1)
    running = make_cohort(course=course, starts_on=date(2026, 3, 1))
    coming = make_cohort(course=course, starts_on=date(2026, 4, 1))
    taipei, west = make_user(time_zone="Asia/Taipei"), make_user(time_zone="America/Los_Angeles")
    assert enrol(taipei, running).starts_on == date(2026, 3, 11)
    assert enrol(west, running).starts_on == date(2026, 3, 10)
    assert enrol(taipei, coming).starts_on == date(2026, 4, 1)


def test_with_a_kit_day_one_waits_for_the_parcel_and_begins_once(student: Any) -> None:
    cohort = make_cohort(start_rule="delivery", starts_on=date(2026, 3, 1))
    assert enrol(student, cohort, source="order:1").starts_on is None
    begin_day_one(source="order:1", on=date(2026, 3, 9), kit_came=True)
    begin_day_one(source="order:1", on=date(2026, 3, 20), kit_came=True)
    assert Enrolment.objects.get().starts_on == date(2026, 3, 9)
    assert Notice.objects.filter(user=student, key__startswith="day-one").count() == 1


def test_a_parcel_that_comes_early_does_not_begin_before_the_class(student: Any) -> None:
    cohort = make_cohort(start_rule="delivery", starts_on=date(2027, 1, 5))
    enrol(student, cohort, source="order:1")
    begin_day_one(source="order:1", on=date(2026, 12, 20), kit_came=True)
    assert Enrolment.objects.get().starts_on == date(2027, 1, 5)


def test_who_bought_without_the_kit_does_not_wait(student: Any) -> None:
    cohort = make_cohort(start_rule="delivery")
    seat = grant_seat(user=student, cohort=cohort, source="order:1", starts_on=cohort.starts_on)
    assert seat.starts_on == cohort.starts_on


def test_a_parcel_of_a_refunded_order_begins_nothing(student: Any) -> None:
    enrol(student, make_cohort(start_rule="delivery"), source="order:1")
    revoke_seat(source="order:1")
    begin_day_one(source="order:1", on=date(2026, 12, 20), kit_came=True)
    assert Enrolment.objects.get().starts_on is None


@pytest.mark.django_db(transaction=True)
def test_the_same_grant_from_many_sides_at_once_is_one_seat() -> None:
    cohort, student = make_cohort(course=make_course(lessons=1)), make_user()
    seats = at_once(lambda number: grant_seat(user=student, cohort=cohort, source="order:1").pk)
    assert len(set(seats)) == 1
    assert Enrolment.objects.count() == 1
    assert Membership.objects.filter(user=student, ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_orders_for_one_seat_at_once_leave_one_live_seat() -> None:
    cohort, student = make_cohort(course=make_course(lessons=1)), make_user()
    seats = at_once(lambda number: grant_seat(user=student, cohort=cohort, source=f"order:{number}").pk)
    assert len(set(seats)) == 1
    assert Enrolment.objects.filter(state="active").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_flow_the_same_race_ends_in_errors() -> None:
    cohort, student = make_cohort(course=make_course(lessons=1)), make_user()

    def insert(number: int) -> bool:
        try:
            Enrolment.objects.create(user=student, cohort=cohort, source="order:1", created_at=now())
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(insert)) == [False] * 5 + [True]


def at_once(work: Any, count: int = 6) -> list[Any]:
    """Run `work(number)` in threads that start together; each closes its connection."""
    from threading import Barrier

    gate = Barrier(count)

    def run(number: int) -> Any:
        gate.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_the_seat_ends_with_its_certificate(student: Any) -> None:
    from courses.flows import complete_lesson

    cohort = make_cohort(
        course=make_course(lessons=1), starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31) + timedelta(days=30)
    )
    seat = enrol(student, cohort, source="order:1")
    complete_lesson(enrolment=seat, lesson=cohort.course.lessons.get())
    assert seat.certificate.revoked_at is None
    revoke_seat(source="order:1")
    seat.certificate.refresh_from_db()
    assert seat.certificate.revoked_at is not None
