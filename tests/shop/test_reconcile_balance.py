"""shop.checkout.flows.reconcile_balance: Stripe's balance against the books, and every difference named (I21)."""

from typing import Any

import pytest

from courses.access import active_enrolment
from notices.models import Notice
from shop.checkout.audit import findings
from shop.checkout.flows import Difference, reconcile_balance, refund_order
from shop.ledger.reads import balance
from shop.orders.models import Order
from shop.payments.models import BalanceTransaction, Dispute, Payment, Refund
from tests.shop.till import Till, check_audit, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def _rows(till: Till, kind: str = "") -> list[dict[str, Any]]:
    return [row for row in till.stand_in.world.store.oldest_first("balance_transaction") if kind in ("", row["type"])]


def test_what_webhooks_told_is_no_difference_and_a_repeat_changes_nothing(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund_order(order=order, actor=None, reason="")
    till.deliver()
    assert BalanceTransaction.objects.filter(listed_at=None).count() == 2
    before = snapshot()
    for _again in range(2):
        assert reconcile_balance() == []
    assert snapshot() == before
    assert set(BalanceTransaction.objects.values_list("provider_id", flat=True)) == {row["id"] for row in _rows(till)}
    assert not BalanceTransaction.objects.filter(listed_at=None).exists()


def test_a_payout_to_the_bank_leaves_the_clearing_account_and_comes_back_when_it_fails(
    till: Till, bundle: Any, student: Any
) -> None:
    order = till.bought(bundle, user=student)
    net = 59900 - order.payments.get().fee
    payout = till.stand_in.make_payout("cny")
    assert reconcile_balance() == []
    assert (balance("stripe_clearing", "CNY"), balance("bank", "CNY")) == (0, net)
    till.stand_in.move_payout(payout["id"], "paid")
    till.stand_in.move_payout(payout["id"], "failed")
    assert reconcile_balance() == []
    assert (balance("stripe_clearing", "CNY"), balance("bank", "CNY")) == (net, 0)
    till.check_books()


def test_fractions_that_a_bank_cannot_take_wait_at_stripe(till: Till, bundle: Any, student: Any) -> None:
    till.stand_in.top_up(12345, "twd")
    reconcile_balance()
    till.stand_in.make_payout("twd")
    assert reconcile_balance() == []
    assert (balance("bank", "TWD"), balance("stripe_held", "TWD"), balance("stripe_clearing", "TWD")) == (12300, 0, 45)
    till.check_books()


def test_an_unknown_type_goes_to_suspense_with_an_alert(till: Till, owner: Any, caplog: pytest.LogCaptureFixture) -> None:
    till.stand_in.top_up(5000, "cny")
    (difference,) = reconcile_balance()
    name = f"{_rows(till)[0]['id']} (topup)"
    assert difference == Difference("unexplained", name)
    assert balance("suspense", "CNY") == -5000 == -balance("stripe_clearing", "CNY")
    assert name in Notice.objects.get(user=owner, kind="money").text
    said = [record for record in caplog.records if record.getMessage() == "Stripe's balance differs"]
    assert [(record.levelname, record.movement) for record in said] == [("ERROR", name)]  # type: ignore[attr-defined]
    assert reconcile_balance() == []
    check_audit()


def test_fault_23_what_no_event_ever_told_is_settled_by_the_balance(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    till.stand_in.take_webhooks()
    assert reconcile_balance() == []
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert active_enrolment(student, bundle.course) is not None
    till.stand_in.open_dispute(till.charge_of(order))
    till.stand_in.take_webhooks()
    assert reconcile_balance() == []
    assert Dispute.objects.get().state == "needs_response"
    till.stand_in.close_dispute(Dispute.objects.get().provider_id, won=True)
    till.deliver()
    refund_order(order=order, actor=None, reason="")
    till.stand_in.finish_refund(Refund.objects.get().provider_id, "failed")
    till.stand_in.take_webhooks()
    assert reconcile_balance() == []
    assert Refund.objects.get().state == Refund.State.FAILED
    till.check_books()


def test_money_that_is_not_ours_to_explain_is_named_and_waits_in_suspense(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    till.stand_in.take_webhooks()
    Payment.objects.filter(order=order).delete()  # as if another shop shared the account
    (difference,) = reconcile_balance()
    assert (difference.why, difference.name.partition(" ")[2]) == ("unexplained", "(charge)")
    assert balance("suspense", "CNY") == -59900
    check_audit()


def test_what_stripe_has_otherwise_or_not_at_all_is_named(till: Till, bundle: Any, student: Any, owner: Any, clock: Any) -> None:
    till.bought(bundle, user=student)
    till.bought(bundle)
    changed, gone = _rows(till)
    till.stand_in.world.store.save({**changed, "amount": changed["amount"] + 1})
    till.stand_in.world.store.remove(gone["id"])
    clock.advance(hours=2)
    named = {Difference("changed", f"{changed['id']} (charge)"), Difference("missing", f"{gone['id']} (charge)")}
    assert set(reconcile_balance()) == named
    assert Notice.objects.filter(user=owner, key__startswith="reconcile:").count() == 1


def test_a_payout_that_its_movements_do_not_sum_to_is_named(till: Till, bundle: Any, student: Any) -> None:
    till.bought(bundle, user=student)
    payout = till.stand_in.make_payout("cny")
    taken = _rows(till, "charge")[0]
    till.stand_in.world.store.save({**taken, "_payout": None})
    (difference,) = reconcile_balance()
    assert difference == Difference("payout", f"{payout['balance_transaction']} (payout)")


def test_a_payment_is_waited_for_a_day_until_its_balance_transaction_exists(
    till: Till, bundle: Any, student: Any, clock: Any
) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    (row,) = _rows(till)
    store = till.stand_in.world.store
    (charge,) = list(store.oldest_first("charge"))
    store.save({**charge, "balance_transaction": None})
    store.remove(row["id"])
    for body, signature, _event in till.stand_in.take_webhooks():
        till.post(body, signature)
    check_audit()
    clock.advance(hours=25)
    assert [finding.code for finding in findings() if finding.violations] == ["I21"]
    store.save(row)
    store.save({**charge, "balance_transaction": row["id"]})
    assert reconcile_balance() == []
    till.check_books()
