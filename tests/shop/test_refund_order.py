"""shop.checkout.flows.refund_order and what Stripe's refunds mean, whoever made them."""

import uuid
from typing import Any

import pytest
from django.http import Http404
from django.test import TestCase

from community.access import space_for
from community.models import Space
from courses.access import active_enrolment
from courses.models import Enrolment
from kit.models import AuditEntry, OutboxMessage
from notices.models import Notice
from shop.checkout.flows import CannotRefund, RefundDelayed, kit_only, preview_refund, refund_order, send_waiting_refunds
from shop.fulfilment.flows import ship
from shop.fulfilment.models import Shipment
from shop.ledger.reads import balance
from shop.orders.models import Order, OrderComponent
from shop.payments import stripe
from shop.payments.models import Refund, WebhookEvent
from shop.payments.reads import refundable
from shop.referrals.models import Commission
from stock.models import StockItem
from tests.factories import make_cohort, make_course, make_offer, make_sku
from tests.shop.till import Till, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def _refund(till: Till, order: Order, components: Any = "everything", **fields: Any) -> Refund:
    with TestCase.captureOnCommitCallbacks(execute=True):
        refund = refund_order(order=order, components=components, reason="asked for it", **{"actor": None, **fields})
    till.deliver()
    return refund


def _part(order: Order, kind: str) -> OrderComponent:
    return OrderComponent.objects.get(line__order=order, kind=kind)


def _commission() -> int:
    return sum(Commission.objects.values_list("amount", flat=True))


def test_fault_25_the_kit_alone_returns_exactly_its_share(
    till: Till, bundle: Any, student: Any, owner: Any, settings: Any, visitor_of_referrer: uuid.UUID
) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 500
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, shipping=1500)
    seat, kit = _part(order, "seat"), _part(order, "stock")
    tax = order.tax
    assert kit.net + kit.tax == 13000
    assert _commission() == seat.net * 3000 // 10000 + kit.net * 500 // 10000
    refund = _refund(till, order, kit_only(order), actor=owner)
    assert (refund.state, refund.amount, refund.shipping_amount) == (Refund.State.SUCCEEDED, 13000, 0)
    assert balance("revenue:stock", "CNY") == 0
    assert balance("revenue:seat", "CNY") == -seat.net
    assert balance("revenue:shipping", "CNY") == -(1500 - order.shipping_tax)
    assert balance("tax_payable", "CNY") == -(tax - kit.tax)
    assert balance("stripe_clearing", "CNY") == 61400 - 13000 - order.payments.get().fee
    assert _commission() == seat.net * 3000 // 10000 == -balance("commission_payable", "CNY")
    assert active_enrolment(student, bundle.course) is not None
    assert Shipment.objects.get(order=order).state == Shipment.State.STOPPED
    assert StockItem.objects.get(ref="sku:UKE-S@main").free == 10
    line = AuditEntry.objects.get(action="order.refunded")
    assert (line.actor_id, line.target, line.reason) == (owner.pk, order.holder, "asked for it")
    assert (line.before, line.after["refunded"]) == ({"refunded": 0}, 13000)


def test_a_kit_that_was_sent_stays_out_of_stock_until_it_comes_back(till: Till, bundle: Any, student: Any, packer: Any) -> None:
    order = till.bought(bundle, user=student)
    ship(shipment=Shipment.objects.get(), carrier="post_tw", tracking="9001", actor=packer)
    preview = preview_refund(order=order, components=kit_only(order))
    assert (len(preview.sent), preview.ends, preview.stopped, preview.back) == (1, [], [], [])
    _refund(till, order, kit_only(order))
    assert Shipment.objects.get().state == Shipment.State.SHIPPED
    assert StockItem.objects.get(ref="sku:UKE-S@main").free == 9


def test_a_full_refund_closes_everything_together(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: uuid.UUID, mailoutbox: Any
) -> None:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, shipping=1500)
    cohort = _part(order, "seat").component.cohort
    space = Space.objects.get(about=cohort.seat_ref)
    assert space_for(student, space.slug) == space
    refund = _refund(till, order)
    assert (refund.amount, refund.shipping_amount) == (61400, 1500)
    assert active_enrolment(student, bundle.course) is None
    with pytest.raises(Http404):
        space_for(student, space.slug)
    for code in ("revenue:seat", "revenue:stock", "revenue:shipping", "commission_payable", "commission_expense"):
        assert balance(code, "CNY") == 0
    assert _commission() == 0
    assert {item.free == item.on_hand for item in StockItem.objects.all()} == {True}
    assert OutboxMessage.objects.filter(topic="seat.freed").count() == 1
    assert sum(order.number in message.subject for message in mailoutbox) == 2  # paid, refunded


def test_the_preview_says_what_the_refund_will_do_and_changes_nothing(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: uuid.UUID
) -> None:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer)
    before = snapshot()
    kit, all_of_it = preview_refund(order=order, components=kit_only(order)), preview_refund(order=order)
    assert snapshot() == before
    assert (kit.amount, kit.commission, kit.ends, len(kit.stopped)) == (13000, 650, [], 1)
    assert (all_of_it.amount, all_of_it.commission, len(all_of_it.ends), all_of_it.stopped) == (
        59900,
        _commission(),
        1,
        kit.stopped,
    )


def test_fault_18_three_thirds_of_a_bundle_are_exact_to_the_last_unit(
    till: Till, bundle: Any, student: Any, settings: Any
) -> None:
    settings.SHOP_TAX_BASIS_POINTS = 700
    order = till.bought(bundle, user=student)
    parts = list(OrderComponent.objects.filter(line__order=order))
    for third in range(3):
        share = {
            part: (part.net * (third + 1) // 3 - part.net * third // 3, part.tax * (third + 1) // 3 - part.tax * third // 3)
            for part in parts
        }
        _refund(till, order, share)
        assert (active_enrolment(student, bundle.course) is None) == (third == 2)
    assert sum(Refund.objects.values_list("amount", flat=True)) == 59900
    assert balance("tax_payable", "CNY") == balance("revenue:seat", "CNY") == balance("revenue:stock", "CNY") == 0
    with pytest.raises(CannotRefund):
        refund_order(order=order, actor=None, reason="")


def test_more_of_a_part_than_is_left_is_refused_before_stripe_is_called(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    kit = _part(order, "stock")
    _refund(till, order, kit_only(order))
    till.stand_in.fail_next(500, path="refunds")  # would show, were Stripe called
    with pytest.raises(CannotRefund):
        refund_order(order=order, components={kit: (1, 0)}, actor=None, reason="")
    assert Refund.objects.count() == 1


def test_the_same_form_twice_is_one_refund(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    first = _refund(till, order, kit_only(order), key="form-1")
    assert _refund(till, order, kit_only(order), key="form-1") == first
    assert Refund.objects.count() == 1


def test_fault_16_a_time_out_after_stripe_accepted_is_one_refund(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.time_out_next(path="refunds")
    with pytest.raises(RefundDelayed):
        refund_order(order=order, components=kit_only(order), actor=None, reason="")
    assert Refund.objects.get().state == Refund.State.STARTED
    assert refundable(order.payments.get()) == 59900 - 13000
    clock.advance(minutes=1)
    assert send_waiting_refunds() == 1
    assert send_waiting_refunds() == 0
    till.deliver()
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert len(list(till.stand_in.world.store.oldest_first("refund"))) == 1


def test_past_stripes_memory_for_keys_the_refund_is_found_by_our_mark(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.time_out_next(path="refunds")
    with pytest.raises(RefundDelayed):
        refund_order(order=order, components=kit_only(order), actor=None, reason="")
    clock.advance(hours=30)
    send_waiting_refunds()
    assert len(list(till.stand_in.world.store.oldest_first("refund"))) == 1
    assert Refund.objects.get().state == Refund.State.SUCCEEDED


def test_fault_23_an_answer_that_was_lost_is_made_good_by_the_webhook(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.time_out_next(path="refunds")
    with pytest.raises(RefundDelayed):
        refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert Refund.objects.get().state == Refund.State.SUCCEEDED
    assert active_enrolment(student, bundle.course) is None


def test_a_refund_that_stripe_refuses_changes_nothing(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.fail_next(400, path="refunds")
    with pytest.raises(CannotRefund):
        refund_order(order=order, actor=owner, reason="")
    till.check_books()
    assert Refund.objects.get().state == Refund.State.FAILED
    assert active_enrolment(student, bundle.course) is not None
    assert refundable(order.payments.get()) == 59900
    assert Notice.objects.filter(user=owner, kind="money").count() == 1
    _refund(till, order)
    assert active_enrolment(student, bundle.course) is None


def test_a_pending_refund_uses_up_what_can_be_refunded(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.next_refund("pending")
    assert _refund(till, order, kit_only(order)).state == Refund.State.PENDING
    assert refundable(order.payments.get()) == 46900
    assert preview_refund(order=order).amount == 46900
    till.stand_in.finish_refund(Refund.objects.get().provider_id)
    till.deliver()
    assert Refund.objects.get().state == Refund.State.SUCCEEDED


@pytest.mark.parametrize("first_state", ["pending", "requires_action", "succeeded"])
def test_fault_17_a_refund_that_fails_later_restores_money_and_tells_staff(
    till: Till, bundle: Any, student: Any, owner: Any, visitor_of_referrer: uuid.UUID, first_state: str
) -> None:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer)
    earned = _commission()
    till.stand_in.next_refund(first_state)
    refund = _refund(till, order)
    assert _commission() == 0
    till.stand_in.finish_refund(refund.provider_id, "failed")
    till.deliver()
    refund.refresh_from_db()
    assert refund.state == Refund.State.FAILED
    assert refundable(order.payments.get()) == 59900
    assert balance("revenue:seat", "CNY") == -46900
    assert _commission() == earned
    assert Notice.objects.filter(user=owner, key=f"refund_failed:{refund.pk}").count() == 1
    assert active_enrolment(student, bundle.course) is not None
    again = _refund(till, order)
    assert again.state == Refund.State.SUCCEEDED
    assert balance("revenue:seat", "CNY") == 0


def test_a_failed_refund_first_heard_of_when_it_failed_ends_in_the_same_state(
    till: Till, bundle: Any, student: Any, teacher: Any
) -> None:
    tidy, late = (till.bought(_twin(teacher, name), user=student) for name in ("tidy", "late"))
    for order, deliver_between in ((tidy, True), (late, False)):
        made = _dashboard_refund(till, order, 59900, "pending")
        if deliver_between:
            till.deliver()
        till.stand_in.finish_refund(made, "failed")
        till.deliver()
    states = [
        (
            list(Refund.objects.filter(payment__order=order).values_list("state", "amount")),
            list(Enrolment.objects.filter(source=order.holder).values_list("state")),
            list(order.shipments.values_list("state")),
            list(OrderComponent.objects.filter(line__order=order).order_by("pk").values_list("refunded_net", "refunded_tax")),
        )
        for order in (tidy, late)
    ]
    assert states[0] == states[1]


def _twin(teacher: Any, name: str) -> Any:
    return make_offer(cohort=make_cohort(course=make_course(lessons=1)), sku=make_sku(seller=teacher, code=name), slug=name)


def _dashboard_refund(till: Till, order: Order, amount: int, status: str = "succeeded") -> str:
    """As if somebody had pressed the button in Stripe's dashboard: our mark is not on it."""
    till.stand_in.next_refund(status)
    made = stripe.call(
        lambda api: api.v1.refunds.create(
            {"payment_intent": str(order.payments.get(state="succeeded").provider_id), "amount": amount}
        )
    )
    return str(made["id"])


def test_a_refund_made_in_the_dashboard_is_spread_over_what_is_left(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student, shipping=1500)
    _dashboard_refund(till, order, 20000)
    till.deliver()
    refund = Refund.objects.get()
    assert refund.amount == 20000 == refund.shipping_amount + sum(line.net + line.tax for line in refund.lines.all())
    assert active_enrolment(student, bundle.course) is not None
    _dashboard_refund(till, order, 41400)
    till.deliver()
    assert active_enrolment(student, bundle.course) is None
    for code in ("revenue:seat", "revenue:stock", "revenue:shipping", "suspense"):
        assert balance(code, "CNY") == 0


def test_fault_03_the_refund_event_before_the_success_event_ends_in_the_same_state(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    session_id = till.pay(order)
    session = till.stand_in.world.store.find(session_id)
    assert session is not None
    stripe.call(lambda api: api.v1.refunds.create({"payment_intent": session["payment_intent"]}))
    taken = {event["type"]: (body, signature) for body, signature, event in till.stand_in.take_webhooks()}
    for kind in ("charge.refunded", "refund.created", "checkout.session.completed", "payment_intent.succeeded"):
        assert till.post(*taken[kind]).status_code == 204
        till.check_books()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {WebhookEvent.State.DONE}
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert Refund.objects.get().amount == 59900
    assert active_enrolment(student, bundle.course) is None
    assert Enrolment.objects.get().state == Enrolment.State.REVOKED
    assert Shipment.objects.get().state == Shipment.State.STOPPED


def test_a_replayed_refund_event_changes_nothing(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    _refund(till, order, kit_only(order))
    before = snapshot()
    for event in till.stand_in.events():
        till.stand_in.duplicate(event["id"])
    WebhookEvent.objects.update(state=WebhookEvent.State.RECEIVED)
    till.deliver()
    assert snapshot() == before


def test_one_of_two_courses_is_refunded_and_the_other_stays_open(till: Till, student: Any, teacher: Any) -> None:
    one, two = _twin(teacher, "one"), _twin(teacher, "two")
    order = till.bought(one, two, user=student)
    parts = OrderComponent.objects.filter(line__order=order, line__offer=one)
    _refund(till, order, {part: (part.net, part.tax) for part in parts})
    assert active_enrolment(student, one.course) is None
    assert active_enrolment(student, two.course) is not None
    assert sorted(order.shipments.values_list("state", flat=True)) == ["stopped", "to_pack"]


def test_who_bought_a_seat_twice_as_a_guest_keeps_the_other_one(till: Till, bundle: Any, student: Any) -> None:
    first = till.bought(bundle, user=student)
    second = till.bought(bundle, email=student.email)
    assert second.user == student
    _refund(till, first)
    assert active_enrolment(student, bundle.course) is not None
    _refund(till, second)
    assert active_enrolment(student, bundle.course) is None


def test_a_mismatched_payment_under_review_can_be_sent_back(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    order.payments.update(amount=100)
    till.deliver()
    _refund(till, order)
    assert Refund.objects.get().amount == 59900
    assert balance("suspense", "CNY") == 0


def test_nothing_paid_nothing_refunded(till: Till, bundle: Any, student: Any) -> None:
    with pytest.raises(CannotRefund):
        refund_order(order=till.place(bundle, user=student), actor=None, reason="")


@pytest.mark.parametrize(("currency", "price"), [("JPY", 5000), ("ISK", 990000)])
def test_refunds_keep_to_the_currencys_step(till: Till, student: Any, teacher: Any, currency: str, price: int) -> None:
    offer = make_offer(
        cohort=make_cohort(course=make_course(lessons=1)),
        sku=make_sku(seller=teacher, currency=currency),
        price=price,
        currency=currency,
    )
    order = till.bought(offer, user=student)
    kit = _refund(till, order, kit_only(order))
    assert kit.state == Refund.State.SUCCEEDED
    part = _part(order, "seat")
    if currency == "ISK":
        with pytest.raises(CannotRefund, match="100"):
            refund_order(order=order, components={part: (50, 0)}, actor=None, reason="")
    _refund(till, order)
    assert balance("revenue:seat", currency) == 0
