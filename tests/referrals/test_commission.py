"""Commission lines and their ledger: earned, taken back pro rata, frozen, released."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from kit.clock import now
from kit.money import take_rate
from shop.ledger.reads import balance
from shop.orders.models import Order, OrderComponent
from shop.referrals import flows
from shop.referrals.models import Commission

pytestmark = pytest.mark.django_db


def refund(order: Order, kind: str, amount: int) -> None:
    part = OrderComponent.objects.get(line__order=order, kind=kind)
    part.refunded_net += amount
    part.save()


def retained_rule_holds() -> bool:
    """I15: per component, the sum of the lines is floor(rate × net retained)."""
    for part in OrderComponent.objects.all():
        lines = Commission.objects.filter(component=part)
        rate = lines.values_list("rate", flat=True).first() or 0
        if (lines.aggregate(sum=Sum("amount"))["sum"] or 0) != take_rate(part.net - part.refunded_net, rate):
            return False
    return True


def ledger_agrees() -> bool:
    owed = Commission.objects.exclude(state="paid").aggregate(sum=Sum("amount"))["sum"] or 0
    return balance("commission_payable", "CNY") == -owed and balance("commission_expense", "CNY") == owed


def test_course_and_instrument_earn_their_own_rates(make_order: Any, clicked: Any) -> None:
    make_order(visitor=clicked)
    assert sorted(Commission.objects.values_list("amount", flat=True)) == [15000 * 5 // 100, 44900 * 30 // 100]
    assert ledger_agrees()


@pytest.mark.parametrize(("kind", "amounts"), [("stock", [15000]), ("seat", [14967, 14967, 14966]), ("seat", [1, 2, 3])])
def test_fault_20_a_refund_before_the_payout_takes_back_exactly_the_share(
    make_order: Any, clicked: Any, kind: str, amounts: list[int]
) -> None:
    order = make_order(visitor=clicked)
    for number, amount in enumerate(amounts):
        refund(order, kind, amount)
        flows.reverse(order=order, source=f"refund:{number}")
        flows.reverse(order=order, source=f"refund:{number}")
        assert retained_rule_holds()
        assert ledger_agrees()


def test_a_refund_that_failed_later_gives_it_back(make_order: Any, clicked: Any) -> None:
    order = make_order(visitor=clicked)
    refund(order, "seat", 44900)
    flows.reverse(order=order, source="refund:1")
    refund(order, "seat", -44900)
    flows.reverse(order=order, source="refund_failed:1")
    assert retained_rule_holds()
    assert ledger_agrees()


def test_a_reversal_after_the_payout_is_a_negative_line_for_the_next(make_order: Any, clicked: Any) -> None:
    order = make_order(visitor=clicked)
    Commission.objects.update(state="paid")
    refund(order, "stock", 15000)
    flows.reverse(order=order, source="refund:1")
    line = Commission.objects.get(kind="reversal")
    assert (line.amount, line.state) == (-750, "available")


def test_the_hold_ends_at_the_later_of_refund_window_and_delivery_plus_return_window(
    make_order: Any, clicked: Any, clock: Any
) -> None:
    order = make_order(visitor=clicked)
    assert flows.set_release(order=order, delivered_at=None, awaits_delivery=True) is None
    delivered = order.paid_at + timedelta(days=3)
    assert flows.set_release(order=order, delivered_at=delivered, awaits_delivery=False) == delivered + timedelta(days=7)
    assert flows.set_release(order=order, delivered_at=None, awaits_delivery=False) == order.paid_at + timedelta(days=7)
    clock.advance(days=6, hours=23)
    assert flows.release_held_commissions() == 0
    clock.advance(hours=2)
    assert flows.release_held_commissions() == 2
    assert flows.release_held_commissions() == 0


def test_while_the_parcel_is_out_nothing_is_released(make_order: Any, clicked: Any, clock: Any) -> None:
    order = make_order(visitor=clicked)
    flows.set_release(order=order, delivered_at=None, awaits_delivery=True)
    clock.advance(days=400)
    assert flows.release_held_commissions() == 0


def test_a_dispute_freezes_and_its_end_lets_go(make_order: Any, clicked: Any, clock: Any) -> None:
    order = make_order(visitor=clicked)
    flows.set_release(order=order, delivered_at=now(), awaits_delivery=False)
    flows.freeze(order=order)
    clock.advance(days=30)
    assert flows.release_held_commissions() == 0
    flows.unfreeze(order=order)
    assert flows.release_held_commissions() == 2
