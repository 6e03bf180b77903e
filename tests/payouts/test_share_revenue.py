"""Teachers' shares of a sale: what there is to share, who gets which part, and what changes it afterwards."""

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import Sum

from shop.checkout.flows import (
    decide_credit,
    kit_only,
    refund_order,
    release_holds,
    settle_dispute,
    settle_payment,
    settle_refund,
)
from shop.ledger.reads import balance
from shop.orders.models import Order, OrderComponent
from shop.payments import stripe
from shop.payouts.flows import change_split, mark_paid, prepare_payouts, set_shares_release, share_revenue
from shop.payouts.models import Earning
from shop.referrals.models import Attribution, Commission
from tests.payouts.conftest import Earn
from tests.shop.till import Till, check_audit

pytestmark = pytest.mark.django_db
# 599: Stripe keeps 3.4 % + 3 here; the seat earns 30 % of commission, the kit 5 %.
SEAT, KIT = 46900, 13000


def _sums() -> dict[str, int]:
    rows = Earning.objects.values_list("payee__name").annotate(sum=Sum("amount"))
    return dict(rows.order_by())


def _by_kind(payee: Any) -> dict[str, int]:
    rows = Earning.objects.filter(payee=payee).values_list("component__kind").annotate(sum=Sum("amount"))
    return dict(rows.order_by())


def _fee(order: Order) -> int:
    return int(order.payments.get().fee)


def _pool(order: Order, net: int, commission: int) -> int:
    return net - commission - -(-_fee(order) * net // order.total)


def _owed() -> int:
    return -balance("instructor_payable", "CNY")


def test_an_offer_without_shares_keeps_everything_with_the_yard(till: Till, bundle: Any) -> None:
    till.bought(bundle)
    assert not Earning.objects.exists()


def test_each_part_is_shared_after_fee_and_commission(
    till: Till, bundle: Any, visitor_of_referrer: Any, teacher: Any, teacher2: Any, owner: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 7000, teacher2.pk: 1050, None: 1950}, actor=owner)
    order = till.bought(bundle, visitor=visitor_of_referrer)
    assert _fee(order) > 0
    seat, kit = _pool(order, SEAT, 14070), _pool(order, KIT, 650)
    assert _by_kind(teacher) == {"seat": pytest.approx(seat * 0.7, abs=1), "stock": pytest.approx(kit * 0.7, abs=1)}
    assert _by_kind(teacher2) == {"seat": pytest.approx(seat * 0.105, abs=1), "stock": pytest.approx(kit * 0.105, abs=1)}
    assert _owed() == balance("instructor_expense", "CNY") == sum(_sums().values())
    assert set(Earning.objects.values_list("state", flat=True)) == {"pending"}
    assert share_revenue(order=order) == []


def test_one_hundred_percent_gives_the_whole_pool(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.bought(bundle, shipping=1500)
    assert order.total == SEAT + KIT + 1500
    assert _by_kind(teacher) == {"seat": _pool(order, SEAT, 0), "stock": _pool(order, KIT, 0)}, "delivery is the yard's"


def test_the_version_that_was_in_force_when_it_was_paid_counts(
    till: Till, bundle: Any, teacher: Any, teacher2: Any, owner: Any, clock: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.place(bundle)
    till.pay(order)
    clock.advance(seconds=5)
    till.deliver()
    paid = _sums()
    clock.advance(seconds=5)
    change_split(offer=bundle, shares={teacher2.pk: 10_000}, actor=owner)
    order.refresh_from_db()
    assert share_revenue(order=order) == []
    assert _sums() == paid
    assert set(paid) == {teacher.name}
    refund_order(order=order, actor=owner, reason="all of it")
    till.deliver()
    assert _sums() == {teacher.name: 0}


def test_fault_25_the_kit_returned_takes_only_the_kits_share_back(
    till: Till, bundle: Any, visitor_of_referrer: Any, teacher: Any, owner: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    order = till.bought(bundle, visitor=visitor_of_referrer)
    seat = _by_kind(teacher)["seat"]
    refund_order(order=order, components=kit_only(order), actor=owner, reason="kit back")
    assert _by_kind(teacher) == {"seat": seat, "stock": 0}
    till.deliver()
    assert _owed() == seat


def test_three_refunds_of_a_third_and_a_failed_one_end_exactly(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 3333, None: 6667}, actor=owner)
    order = till.bought(bundle)
    seat = OrderComponent.objects.get(line__order=order, kind="seat")
    first = _by_kind(teacher)
    till.stand_in.next_refund("pending")
    refund = refund_order(order=order, components={seat: (15633, 0)}, actor=owner, reason="a third")
    till.deliver()
    assert _by_kind(teacher)["seat"] < first["seat"]
    till.stand_in.finish_refund(refund.provider_id, "failed")
    (facts,) = stripe.refunds_of(str(order.payments.get().provider_id))
    settle_refund(facts=facts)
    assert _by_kind(teacher) == first
    for third in (15633, 15633, 15634):
        refund_order(order=order, components={seat: (third, 0)}, actor=owner, reason="a third")
        till.deliver()
    assert _by_kind(teacher) == {"seat": 0, "stock": first["stock"]}


def test_a_dispute_freezes_the_shares_and_winning_frees_them(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.bought(bundle)
    before = _sums()
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    assert set(Earning.objects.values_list("state", flat=True)) == {"frozen"}
    till.stand_in.close_dispute(dispute["id"], won=True)
    till.deliver()
    assert set(Earning.objects.values_list("state", flat=True)) == {"pending"}
    assert _sums() == before


def test_a_lost_dispute_takes_the_shares_back(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.bought(bundle)
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    till.stand_in.close_dispute(dispute["id"], won=False)
    (facts,) = stripe.disputes_of(str(order.payments.get().provider_id))
    settle_dispute(facts=facts)
    assert _sums() == {teacher.name: 0}
    assert _owed() == 0
    till.deliver()


def test_a_lost_dispute_that_an_appeal_wins_gives_the_shares_again(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.bought(bundle)
    before = _sums()
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.stand_in.close_dispute(dispute["id"], won=False)
    till.deliver()
    _win_the_appeal(order)
    assert _sums() == before
    check_audit()


def test_what_is_added_during_a_dispute_waits_for_its_end(earn: Earn, till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = earn()
    release_holds()
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
    Attribution.objects.update(state="held_self")
    Commission.objects.update(state="frozen")
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    for body, signature, _event in till.stand_in.take_webhooks():
        till.post(body, signature)
    decide_credit(attribution=Attribution.objects.get(), accept=False, actor=owner, reason="seen")
    added = Earning.objects.filter(kind="accrual", number=2)
    assert set(added.values_list("state", flat=True)) == {"frozen"}
    till.stand_in.close_dispute(dispute["id"], won=True)
    for body, signature, _event in till.stand_in.take_webhooks():
        till.post(body, signature)
    assert release_holds()
    assert added.count() == 2
    assert set(added.values_list("state", flat=True)) == {"available"}


def _win_the_appeal(order: Order) -> None:
    """Stripe gives the money back after all, as its object says then."""
    (facts,) = stripe.disputes_of(str(order.payments.get().provider_id))
    settle_dispute(facts=replace(facts, status="won"))


def test_a_fee_that_comes_late_is_taken_off_then(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.place(bundle)
    session = till.pay(order)
    _hide_fee(till, session)
    for body, signature, _event in till.stand_in.take_webhooks():
        till.post(body, signature)
    assert _sums() == {teacher.name: SEAT + KIT}
    _show_fee(till)
    assert settle_payment(session=stripe.read_session(session))
    order.refresh_from_db()
    assert _fee(order) > 0
    assert _by_kind(teacher) == {"seat": _pool(order, SEAT, 0), "stock": _pool(order, KIT, 0)}
    till.check_books()


def test_a_fee_in_another_currency_counts_by_the_charges_own_ratio(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.place(bundle)
    till.pay(order)
    (row,) = till.stand_in.world.store.oldest_first("balance_transaction")
    till.stand_in.world.store.save({**row, "currency": "usd", "amount": 8400, "fee": 300, "net": 8100})
    till.deliver()
    fees = {"seat": -(-SEAT * 300 // 8400), "stock": -(-KIT * 300 // 8400)}
    assert _by_kind(teacher) == {"seat": SEAT - fees["seat"], "stock": KIT - fees["stock"]}


def test_a_fee_above_the_price_leaves_nothing_and_no_debt(till: Till, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.place(bundle)
    till.pay(order)
    (row,) = till.stand_in.world.store.oldest_first("balance_transaction")
    till.stand_in.world.store.save({**row, "fee": 70000, "net": row["amount"] - 70000})
    till.deliver()
    assert not Earning.objects.exists()


@pytest.mark.parametrize("accept", [True, False])
def test_what_a_reviewer_keeps_from_the_referrer_is_shared(
    till: Till, bundle: Any, visitor_of_referrer: Any, referrer: Any, teacher: Any, owner: Any, *, accept: bool
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = till.bought(bundle, user=referrer, visitor=visitor_of_referrer)
    assert _by_kind(teacher)["seat"] == _pool(order, SEAT, 14070)
    decide_credit(attribution=Attribution.objects.get(), accept=accept, actor=owner, reason="seen")
    assert _by_kind(teacher)["seat"] == _pool(order, SEAT, 14070 if accept else 0)
    till.check_books()


def test_the_hold_ends_with_that_on_commission(earn: Earn, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    earn()
    moments = set(Commission.objects.values_list("available_at", flat=True))
    assert set(Earning.objects.values_list("available_at", flat=True)) == moments
    assert set(Earning.objects.values_list("state", flat=True)) == {"pending"}
    assert release_holds() == 2
    assert set(Earning.objects.values_list("state", flat=True)) == {"available"}
    assert release_holds() == 0


def test_nothing_is_released_before_the_parcel_has_arrived(till: Till, bundle: Any, teacher: Any, owner: Any, clock: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    till.bought(bundle)
    clock.advance(days=60)
    assert release_holds() == 0
    assert set(Earning.objects.values_list("available_at", flat=True)) == {None}


def test_what_was_forgotten_is_put_right_before_it_is_released(earn: Earn, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    earn()
    due = _sums()
    line = Earning.objects.order_by("pk")[0]
    Earning.objects.filter(pk=line.pk).update(amount=line.amount + 500)
    assert release_holds() == 3
    assert _sums() == due
    assert Earning.objects.filter(kind="reversal", amount=-500, state="available").exists()


def test_while_a_parcel_is_sent_again_what_was_free_waits_once_more(earn: Earn, bundle: Any, teacher: Any, owner: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = earn()
    release_holds()
    set_shares_release(order=order, moment=None)
    assert set(Earning.objects.values_list("state", "available_at")) == {("pending", None)}


def _hide_fee(till: Till, session_id: str) -> None:
    """Stripe books the charge later: its balance transaction is not there yet."""
    world = till.stand_in.world
    session = world.store.find(session_id)
    intent = world.store.find(session["payment_intent"])  # type: ignore[index]
    charge = world.store.find(intent["latest_charge"])  # type: ignore[index]
    assert charge is not None
    _hidden.append((charge, charge["balance_transaction"]))
    charge["balance_transaction"] = None
    world.store.save(charge)


def _show_fee(till: Till) -> None:
    charge, known = _hidden.pop()
    charge["balance_transaction"] = known
    till.stand_in.world.store.save(charge)


_hidden: list[tuple[Any, Any]] = []
