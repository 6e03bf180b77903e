"""A class that waits for its kit, where the kit never comes: the course begins, and nobody is told of a delivery."""

from typing import Any

import pytest
from django.core import mail
from django.test import TestCase

from courses.models import Enrolment
from kit.clock import local_date, now
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.checkout.flows import kit_only, refund_order
from shop.fulfilment.flows import mark_delivered, mark_unclaimed, ship
from shop.fulfilment.models import Shipment
from shop.orders.models import Order
from tests.factories import make_cohort, make_course, make_offer, make_sku
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def order(till: Till, student: Any) -> Order:
    """A seat in a class that begins on delivery, with its kit, paid."""
    student.language = "en"
    student.save()
    cohort = make_cohort(course=make_course(lessons=1, preview_first=False), start_rule="delivery")
    return till.bought(make_offer(cohort=cohort, sku=make_sku()), user=student)


def _refund(till: Till, order: Order, components: Any) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund_order(order=order, components=components, actor=None, reason="no kit, please")
    till.deliver()
    for message_id in due_message_ids():
        deliver(message_id=message_id)


def _told() -> str:
    texts = [f"{notice.headline} {notice.text}" for notice in Notice.objects.all()]
    return " ".join(texts + [f"{message.subject} {message.body}" for message in mail.outbox])


def test_a_kit_refunded_before_it_left_begins_day_one_and_announces_no_parcel(till: Till, order: Order, student: Any) -> None:
    assert Enrolment.objects.get().starts_on is None
    _refund(till, order, kit_only(order))
    assert Enrolment.objects.get().starts_on == local_date(now(), student.time_zone)
    assert "parcel is there" not in _told()
    assert "delivered" not in _told()
    assert [message.subject for message in mail.outbox if "Day 1" in message.subject] == ["Day 1 begins, without a parcel"]


def test_a_full_refund_begins_nothing_and_tells_of_no_day_one(till: Till, order: Order) -> None:
    _refund(till, order, "everything")
    assert Enrolment.objects.get().starts_on is None
    assert "Day 1" not in _told()
    assert "day 1" not in _told()


def test_a_kit_refunded_on_its_way_and_never_fetched_begins_day_one_when_it_is_back(
    till: Till, order: Order, packer: Any
) -> None:
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    _refund(till, order, kit_only(order))
    assert Enrolment.objects.get().starts_on is None
    mark_unclaimed(shipment=parcel, actor=packer)
    assert Enrolment.objects.get().starts_on is not None
    assert "parcel is there" not in _told()


def test_a_kit_never_fetched_and_then_refunded_begins_day_one_with_the_refund(till: Till, order: Order, packer: Any) -> None:
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    mark_unclaimed(shipment=parcel, actor=packer)
    assert Enrolment.objects.get().starts_on is None
    _refund(till, order, kit_only(order))
    assert Enrolment.objects.get().starts_on is not None


def test_a_parcel_that_came_is_still_announced(till: Till, order: Order, packer: Any) -> None:
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    mark_delivered(shipment=parcel, actor=packer)
    assert "The parcel is there: day 1 begins" in _told()


def test_who_learns_reads_whether_the_parcel_is_packed_or_on_its_way(
    order: Order, student: Any, packer: Any, client_of: Any
) -> None:
    seat, browser = Enrolment.objects.get(), client_of(student)
    lesson = f"/en/courses/{seat.cohort.course.slug}/day-1/"
    for address in ("/en/learn/", lesson):
        page = browser.get(address).content.decode()
        assert "Your parcel is being packed" in page
        assert "has been sent" not in page
    ship(shipment=Shipment.objects.get(), carrier="own", tracking="", actor=packer)
    for address in ("/en/learn/", lesson):
        page = browser.get(address).content.decode()
        assert "Your parcel has been sent" in page
        assert "being packed" not in page
