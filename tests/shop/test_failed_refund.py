"""A refund that Stripe fails after access was taken away gives back what it took, as far as it is still there."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import TestCase

from community.access import space_for
from community.models import Space
from courses.access import active_enrolment
from courses.flows import complete_lesson
from courses.models import Certificate, Enrolment
from kit.models import AuditEntry
from kit.outbox import deliver, due_message_ids
from notices.models import Notice
from shop.checkout.flows import refund_order
from shop.orders.models import Order
from shop.payments.models import Refund, WebhookEvent
from stock.flows import set_on_hand
from stock.models import StockItem
from tests.factories import make_user
from tests.shop.till import Till, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def _refund(till: Till, order: Order) -> Refund:
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund = refund_order(order=order, actor=None, reason="asked for it")
    till.deliver()
    return refund


def _fail(till: Till, refund: Refund) -> None:
    till.stand_in.finish_refund(refund.provider_id, "failed")
    till.deliver()
    for message_id in due_message_ids():
        deliver(message_id=message_id)


def _stock() -> list[tuple[str, int, int]]:
    return list(StockItem.objects.order_by("ref").values_list("ref", "on_hand", "allocated"))


def test_seat_lessons_board_certificate_goods_and_commission_come_back(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: uuid.UUID, owner: Any
) -> None:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer)
    seat, space, stock = Enrolment.objects.get(), Space.objects.get(), _stock()
    complete_lesson(enrolment=seat, lesson=bundle.course.lessons.get())
    refund = _refund(till, order)
    assert active_enrolment(student, bundle.course) is None
    _fail(till, refund)
    assert active_enrolment(student, bundle.course) == seat
    assert space_for(student, space.slug) == space
    assert Certificate.objects.get().revoked_at is None
    assert sorted(order.shipments.values_list("state", flat=True)) == ["stopped", "to_pack"]
    assert _stock() == stock
    notice = Notice.objects.get(user=owner, key=f"refund_failed:{refund.pk}")
    assert "given back to the buyer" in notice.text
    assert notice.url == f"/admin/shop/orders/{order.number}/"
    (told,) = [message for message in mail.outbox if "did not reach you" in message.subject]
    assert (told.to, "yours again" in told.body) == ([student.email], True)


def test_what_others_have_by_now_stays_theirs_and_staff_are_told_what_is_missing(
    till: Till, bundle: Any, student: Any, owner: Any
) -> None:
    order = till.bought(bundle, user=student)
    refund = _refund(till, order)
    for item in StockItem.objects.all():
        set_on_hand(ref=item.ref, on_hand=1)
    till.bought(bundle, user=make_user())
    _fail(till, refund)
    assert active_enrolment(student, bundle.course) is None
    assert list(order.shipments.values_list("state", flat=True)) == ["stopped"]
    assert {(item.on_hand, item.allocated) for item in StockItem.objects.all()} == {(1, 1)}
    notice = Notice.objects.get(user=owner, key=f"refund_failed:{refund.pk}")
    for part in order.lines.get().components.all():
        assert part.title in notice.text
    line = AuditEntry.objects.get(action="order.refund_failed")
    assert len(line.after["not_given_again"]) == 2
    (told,) = [message for message in mail.outbox if "did not reach you" in message.subject]
    assert "yours again" not in told.body


def test_the_same_failure_told_again_changes_nothing(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    _fail(till, _refund(till, order))
    before = snapshot()
    for event in WebhookEvent.objects.filter(type__startswith="refund."):
        WebhookEvent.objects.filter(pk=event.pk).update(state="received")
    from shop.checkout.flows import process_event

    for pk in WebhookEvent.objects.filter(state="received").values_list("pk", flat=True):
        assert process_event(event_id=pk) == "done"
    assert snapshot() == before


def test_who_bought_again_meanwhile_keeps_that_seat(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund = _refund(till, order)
    again = till.bought(bundle, user=student)
    _fail(till, refund)
    live = active_enrolment(student, bundle.course)
    assert live is not None
    assert live.source == again.holder
    assert Enrolment.objects.filter(user=student, state="active").count() == 1


def test_a_certificate_that_staff_withdrew_before_stays_withdrawn(till: Till, bundle: Any, student: Any) -> None:
    from courses.flows import revoke_certificate

    order = till.bought(bundle, user=student)
    complete_lesson(enrolment=Enrolment.objects.get(), lesson=bundle.course.lessons.get())
    revoke_certificate(certificate=Certificate.objects.get(), actor=None, reason="a mistake")
    _fail(till, _refund(till, order))
    assert active_enrolment(student, bundle.course) is not None
    assert Certificate.objects.get().revoked_at is not None
