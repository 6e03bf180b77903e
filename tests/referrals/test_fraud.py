"""The fraud queue: what is queued with which evidence, what it keeps back, and what a decision does."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from kit.clock import now
from kit.models import AuditEntry
from shop.checkout.flows import refund_order
from shop.checkout.flows.shares import decide_fraud
from shop.payouts.flows import mark_paid, prepare_payouts
from shop.referrals import flows
from shop.referrals.models import Attribution, Click, Commission, Link, Suspicion
from tests.factories import make_user
from tests.payouts.conftest import bundle, earn  # noqa: F401  (fixtures)
from tests.referrals.conftest import MakeOrder
from tests.shop.conftest import till, visitor_of_referrer  # noqa: F401  (fixtures)
from tests.shop.till import check_audit

pytestmark = pytest.mark.django_db


def clicks(link: Link, times: int, address: str = "a", **fields: Any) -> None:
    Click.objects.bulk_create(
        Click(link=link, visitor=uuid.uuid4(), address_hash=address, at=now(), **fields) for _time in range(times)
    )


def only() -> Suspicion:
    return Suspicion.objects.get()


@pytest.mark.parametrize(
    ("email", "street", "kind", "evidence"),
    [
        ("referrer+again@demo.test", "遠方 7 號", "same_email", "referrer+again@demo.test"),
        ("other@demo.test", "松仁路１號", "same_address", "松仁路"),
    ],
)
def test_a_self_purchase_is_queued_with_what_gives_it_away(
    make_order: MakeOrder, clicked: Any, referrer: Any, email: str, street: str, kind: str, evidence: str
) -> None:
    from accounts.models import Address

    Address.objects.create(user=referrer, name="Mei", phone="1", country="TW", region="台北市", city="信義區", street="松仁路1號")
    make_order(visitor=clicked, email=email, street=street)
    assert only().kind == kind
    assert evidence in str(only().evidence)
    assert set(Commission.objects.values_list("state", flat=True)) == {"frozen"}


def test_click_stuffing_from_one_address_is_queued_and_holds_the_links_orders(
    make_order: MakeOrder, clicked: Any, link: Link, settings: Any, clock: Any
) -> None:
    settings.FRAUD_CLICKS_AN_HOUR = 10
    clock.advance(minutes=5)
    clicks(link, 9)
    assert flows.look_for_fraud() == 0
    order = make_order(visitor=clicked)
    clicks(link, 1)
    assert flows.look_for_fraud() == 1
    assert flows.look_for_fraud() == 0
    assert (only().kind, only().evidence["clicks"], only().evidence["link"]) == ("clicks", 10, "mei")
    assert list(only().covers.all()) == [Attribution.objects.get(order=order)]
    assert set(Commission.objects.values_list("state", flat=True)) == {"frozen"}


def test_many_people_and_forgotten_addresses_are_no_stuffing(link: Link, settings: Any) -> None:
    settings.FRAUD_CLICKS_AN_HOUR = 10
    for number in range(30):
        clicks(link, 1, address=f"a{number}")
    clicks(link, 30, address="")
    assert flows.look_for_fraud() == 0


def test_a_burst_of_sign_ups_is_queued_and_holds_what_they_buy(
    make_order: MakeOrder, link: Link, settings: Any, clock: Any
) -> None:
    settings.FRAUD_SIGN_UPS_AN_HOUR = 3
    people = [make_user() for _number in range(3)]
    for user in people[:2]:
        clicks(link, 1, user=user, is_signup=True, bound_at=now())
    assert flows.look_for_fraud() == 0
    clicks(link, 1, user=people[2], is_signup=True, bound_at=now())
    clock.advance(seconds=1)
    order = make_order(user=people[0], email=people[0].email)
    assert flows.look_for_fraud() == 1
    assert (only().kind, only().evidence["sign_ups"]) == ("sign_ups", 3)
    assert list(only().covers.values_list("order", flat=True)) == [order.pk]


@pytest.mark.parametrize(("refunded", "found"), [(0, 0), (1, 1), (2, 1)])
def test_a_quarter_of_orders_given_back_is_queued(
    make_order: MakeOrder, clicked: Any, refunded: int, found: int, settings: Any
) -> None:
    settings.FRAUD_REFUND_PERCENT, settings.FRAUD_REFUND_ORDERS = 25, 4
    orders = [make_order(visitor=clicked, email=f"buyer{number}@x.test", street=f"路 {number}") for number in range(4)]
    for order in orders[:refunded]:
        for part in order.lines.get().components.all():
            part.refunded_net = part.net
            part.save()
        flows.reverse(order=order, source="refund:1")
    assert flows.look_for_fraud() == found
    if found:
        assert (only().kind, only().evidence["percent"]) == ("refunds", 25 * refunded)
        assert only().covers.count() == 4


def test_three_orders_are_too_few_to_tell(make_order: MakeOrder, clicked: Any) -> None:
    for number in range(3):
        order = make_order(visitor=clicked, email=f"buyer{number}@x.test", street=f"路 {number}")
        order.lines.get().components.update(refunded_net=1)
        for part in order.lines.get().components.all():
            part.refunded_net = part.net
            part.save()
    assert flows.look_for_fraud() == 0


def test_a_part_given_back_is_no_order_given_back(make_order: MakeOrder, clicked: Any) -> None:
    for number in range(4):
        order = make_order(visitor=clicked, email=f"buyer{number}@x.test", street=f"路 {number}")
        part = order.lines.get().components.filter(kind="stock").get()
        part.refunded_net = part.net
        part.save()
    assert flows.look_for_fraud() == 0


def test_an_order_that_cost_nothing_is_no_order_given_back(make_order: MakeOrder, clicked: Any) -> None:
    for number in range(4):
        order = make_order(visitor=clicked, email=f"buyer{number}@x.test", street=f"路 {number}")
        order.lines.get().components.update(net=0)
    assert flows.look_for_fraud() == 0


@pytest.fixture
def suspect(earn: Any) -> Suspicion:  # noqa: F811
    """An order that is ready to be paid, and doubted."""
    earn()
    row = Suspicion.objects.create(
        key="x", kind="clicks", referrer=Attribution.objects.get().referrer, evidence={}, opened_at=now()
    )
    row.covers.add(Attribution.objects.get())
    flows.freeze(order=Attribution.objects.get().order)
    return row


def test_while_it_is_open_nothing_moves_whatever_else_ends(suspect: Suspicion, owner: Any, clock: Any) -> None:
    flows.unfreeze(order=Attribution.objects.get().order)
    clock.advance(days=90)
    flows.release_held_commissions()
    assert set(Commission.objects.values_list("state", flat=True)) == {"frozen"}
    assert prepare_payouts(actor=owner) == []
    check_audit()


def test_dismissed_it_is_paid_after_all(suspect: Suspicion, owner: Any) -> None:
    decide_fraud(suspicion=suspect, uphold=False, actor=owner, reason="A school class")
    flows.release_held_commissions()
    (payout,) = prepare_payouts(actor=owner)
    assert payout.amount == 14720
    check_audit()


def test_upheld_nothing_is_earned_and_the_trail_says_who_decided(suspect: Suspicion, owner: Any) -> None:
    decide_fraud(suspicion=suspect, uphold=True, actor=owner, reason="A script")
    decide_fraud(suspicion=suspect, uphold=False, actor=owner, reason="Or not")
    assert sum(Commission.objects.values_list("amount", flat=True)) == 0
    assert Attribution.objects.get().state == "rejected"
    entry = AuditEntry.objects.get(action="suspicion.decided")
    assert (entry.actor_id, entry.reason, entry.after["state"]) == (owner.pk, "A script", "upheld")
    check_audit()


def test_a_decision_without_a_reason_is_none(suspect: Suspicion, owner: Any) -> None:
    with pytest.raises(ValueError):
        decide_fraud(suspicion=suspect, uphold=True, actor=owner, reason=" ")
    suspect.refresh_from_db()
    assert suspect.state == "open"


def test_what_was_paid_before_is_taken_from_the_next_payout(earn: Any, owner: Any) -> None:  # noqa: F811
    earn()
    (payout,) = prepare_payouts(actor=owner)
    mark_paid(payout=payout, actor=owner)
    row = Suspicion.objects.create(
        key="x", kind="clicks", referrer=payout.payee, evidence={}, opened_at=now() + timedelta(seconds=0)
    )
    row.covers.add(Attribution.objects.get())
    decide_fraud(suspicion=row, uphold=True, actor=owner, reason="A script")
    lines = Commission.objects.filter(state="available")
    assert sum(lines.values_list("amount", flat=True)) == -payout.amount
    assert prepare_payouts(actor=owner) == []
    earn()
    flows.release_held_commissions()
    assert prepare_payouts(actor=owner) == []
    check_audit()


def test_a_dispute_that_ends_does_not_free_what_is_doubted(suspect: Suspicion, till: Any) -> None:  # noqa: F811
    order = Attribution.objects.get().order
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    till.stand_in.close_dispute(dispute["id"], won=True)
    till.deliver()
    assert set(Commission.objects.values_list("state", flat=True)) == {"frozen"}


def test_a_refund_that_fails_during_a_dispute_gives_nothing_to_pay_out(earn: Any, till: Any, owner: Any) -> None:  # noqa: F811
    order = earn()
    (payout,) = prepare_payouts(actor=owner)
    mark_paid(payout=payout, actor=owner)
    till.stand_in.next_refund("pending")
    refund = refund_order(
        order=order, components={order.lines.get().components.get(kind="seat"): (100, 0)}, actor=owner, reason="x"
    )
    till.deliver()
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    refund.refresh_from_db()
    till.stand_in.finish_refund(refund.provider_id, "failed")
    till.deliver()
    positive = Commission.objects.filter(amount__gt=0).exclude(state="paid")
    assert set(positive.values_list("state", flat=True)) == {"frozen"}
