"""Disputes: a bank takes money back, and decides."""

import uuid
from typing import Any

import pytest

from courses.access import active_enrolment
from notices.models import Notice
from shop.checkout.flows import CannotRefund, kit_only, refund_order
from shop.fulfilment.flows import CannotShip, ship
from shop.fulfilment.models import Shipment
from shop.ledger.reads import balance
from shop.orders.models import Order, OrderComponent
from shop.payments.models import Dispute, Refund, WebhookEvent
from shop.payments.reads import refundable
from shop.referrals.models import Commission
from stock.models import StockItem
from tests.shop.till import Till, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def disputed(till: Till, bundle: Any, student: Any, owner: Any, visitor_of_referrer: uuid.UUID) -> Order:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, shipping=1500)
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    return order


def _close(till: Till, won: bool) -> None:
    till.stand_in.close_dispute(Dispute.objects.get().provider_id, won=won)
    till.deliver()


def _states() -> set[str]:
    return set(Commission.objects.values_list("state", flat=True))


def test_fault_22_an_open_dispute_freezes_commission_and_holds_the_parcel(
    till: Till, bundle: Any, student: Any, disputed: Order, owner: Any, packer: Any
) -> None:
    assert _states() == {"frozen"}
    with pytest.raises(CannotShip):
        ship(shipment=Shipment.objects.get(), carrier="post_tw", tracking="9001", actor=packer)
    dispute = Dispute.objects.get()
    assert (dispute.amount, dispute.reason, dispute.closed_at) == (61400, "fraudulent", None)
    assert dispute.evidence_due is not None
    assert balance("disputes", "CNY") == 61400
    assert balance("revenue:seat", "CNY") == -46900
    assert active_enrolment(student, bundle.course) is not None
    assert Notice.objects.filter(user=owner, key=f"dispute_opened:{dispute.pk}").count() == 1


def test_fault_22_won_everything_goes_on(till: Till, bundle: Any, student: Any, disputed: Order, packer: Any) -> None:
    _close(till, won=True)
    assert _states() == {"pending"}
    assert balance("disputes", "CNY") == 0
    assert balance("revenue:seat", "CNY") == -46900
    assert active_enrolment(student, bundle.course) is not None
    assert ship(shipment=Shipment.objects.get(), carrier="post_tw", tracking="9001", actor=packer).state == Shipment.State.SHIPPED
    assert refund_order(order=disputed, actor=None, reason="").amount == 61400


def test_fault_22_lost_money_commission_and_access_go(till: Till, bundle: Any, student: Any, disputed: Order, owner: Any) -> None:
    _close(till, won=False)
    assert sum(Commission.objects.values_list("amount", flat=True)) == 0
    for code in ("disputes", "revenue:seat", "revenue:stock", "revenue:shipping", "suspense", "commission_payable"):
        assert balance(code, "CNY") == 0
    assert active_enrolment(student, bundle.course) is None
    assert Shipment.objects.get().state == Shipment.State.STOPPED
    assert {item.free == item.on_hand for item in StockItem.objects.all()} == {True}
    assert Notice.objects.filter(user=owner, key__startswith="dispute_lost").count() == 1


def test_fault_22_a_refund_during_a_dispute_never_pays_twice(till: Till, disputed: Order) -> None:
    till.stand_in.fail_next(500, path="refunds")  # would show, were Stripe called
    with pytest.raises(CannotRefund):
        refund_order(order=disputed, actor=None, reason="")
    till.stand_in.faults.clear()
    _close(till, won=False)
    with pytest.raises(CannotRefund):
        refund_order(order=disputed, actor=None, reason="")
    assert not Refund.objects.exists()
    assert refundable(disputed.payments.get()) == 0


def test_a_dispute_after_a_partial_refund_takes_what_is_left(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund_order(order=order, components=kit_only(order), actor=None, reason="")
    till.deliver()
    till.stand_in.open_dispute(till.charge_of(order), amount=46900)
    till.deliver()
    _close(till, won=False)
    assert balance("revenue:seat", "CNY") == balance("revenue:stock", "CNY") == balance("suspense", "CNY") == 0
    assert active_enrolment(student, bundle.course) is None


def test_a_dispute_over_a_part_is_spread_and_ends_no_access(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.open_dispute(till.charge_of(order), amount=10000)
    till.deliver()
    _close(till, won=False)
    assert sum(part.refunded_net for part in OrderComponent.objects.all()) == 10000
    assert active_enrolment(student, bundle.course) is not None
    assert refundable(order.payments.get()) == 49900


def test_a_dispute_of_money_already_refunded_is_shown_in_suspense(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund_order(order=order, actor=None, reason="")
    till.deliver()
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    _close(till, won=False)
    assert balance("suspense", "CNY") == 59900
    assert balance("revenue:seat", "CNY") == 0


@pytest.mark.parametrize("won", [True, False])
def test_events_of_a_dispute_shuffled_and_repeated_end_in_the_same_state(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: uuid.UUID, won: bool
) -> None:
    order = till.place(bundle, user=student, visitor=visitor_of_referrer)
    session_id = till.pay(order)
    session = till.stand_in.world.store.find(session_id)
    assert session is not None
    intent = till.stand_in.world.store.find(session["payment_intent"])
    assert intent is not None
    dispute = till.stand_in.open_dispute(intent["latest_charge"])
    till.stand_in.close_dispute(dispute["id"], won=won)
    taken = till.stand_in.take_webhooks()
    for body, signature, _event in [*reversed(taken), *taken]:
        assert till.post(body, signature).status_code == 204
        till.check_books()
    assert not WebhookEvent.objects.filter(state__in=["failed", "parked"]).exists()
    assert (active_enrolment(student, bundle.course) is not None) == won
    assert balance("disputes", "CNY") == 0
    assert balance("revenue:seat", "CNY") == (-46900 if won else 0)
    assert _states() == {"pending"}


def test_an_inquiry_freezes_commission_moves_no_money_and_may_be_answered_by_a_refund(
    till: Till, bundle: Any, student: Any, visitor_of_referrer: uuid.UUID
) -> None:
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer)
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    store = till.stand_in.world.store
    for row in list(store.oldest_first("balance_transaction")):
        if row["type"] == "adjustment":
            store.remove(row["id"])
    found = store.find(dispute["id"])
    assert found is not None
    store.save({**found, "status": "warning_needs_response", "balance_transactions": [], "is_charge_refundable": True})
    till.deliver()
    assert _states() == {"frozen"}
    assert balance("disputes", "CNY") == 0
    assert refund_order(order=order, actor=None, reason="").state == Refund.State.SUCCEEDED
    found = store.find(dispute["id"])
    assert found is not None
    store.save({**found, "status": "warning_closed"})
    till.stand_in.send_event("charge.dispute.closed", {**found, "status": "warning_closed"})
    till.deliver()
    assert _states() == {"pending"}
    assert active_enrolment(student, bundle.course) is None


def test_a_replayed_dispute_event_changes_nothing(till: Till, disputed: Order) -> None:
    _close(till, won=False)
    before = snapshot()
    WebhookEvent.objects.update(state=WebhookEvent.State.RECEIVED)
    for event in till.stand_in.events():
        till.stand_in.duplicate(event["id"])
    till.deliver()
    assert snapshot() == before
