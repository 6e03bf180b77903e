"""Preparing payouts, and what the bank did with them (I17, I18, faults 20 and 21)."""

import contextlib
import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import Sum

from accounts.models import User
from accounts.roles import INSTRUCTOR, give_role
from kit.models import AuditEntry
from notices.models import Notice
from shop.checkout.flows import refund_order, release_holds
from shop.ledger.reads import balance
from shop.payouts.flows import CannotChange, change_split, mark_failed, mark_paid, name_bank, prepare, prepare_payouts
from shop.payouts.models import Earning, Payout, PayoutEntry
from shop.payouts.reads import payables, to_transfer
from shop.referrals.flows import freeze
from shop.referrals.models import Commission
from tests.payouts.conftest import Earn
from tests.shop.till import check_audit

EACH = 46900 * 3000 // 10000 + 13000 * 500 // 10000


def _check_invariants() -> None:
    for payout in Payout.objects.all():
        assert payout.amount == payout.entries.aggregate(sum=Sum("amount"))["sum"]
    live = PayoutEntry.objects.filter(payout__state__in=["prepared", "paid"])
    assert live.count() == live.values("commission", "earning").distinct().count()
    assert not PayoutEntry.objects.filter(payout__state="failed", is_live=True).exists()


@pytest.mark.django_db
def test_what_is_ready_is_paid_once(earn: Earn, referrer: Any, owner: Any) -> None:
    earn()
    (payout,) = prepare_payouts(actor=owner)
    assert (payout.payee, payout.currency, payout.amount) == (referrer, "CNY", EACH)
    assert prepare_payouts(actor=owner) == []
    assert -balance("commission_payable", "CNY") == EACH
    for _again in range(2):
        mark_paid(payout=payout, actor=owner, transfer_id="BANK-1")
    assert balance("commission_payable", "CNY") == 0
    assert balance("bank", "CNY") == -EACH
    assert set(Commission.objects.values_list("state", flat=True)) == {"paid"}
    assert Notice.objects.filter(user=referrer, kind="payout").count() == 1
    assert AuditEntry.objects.filter(target=f"payout:{payout.pk}", actor_id=owner.pk).count() == 2
    assert prepare_payouts(actor=owner) == []
    _check_invariants()


@pytest.mark.django_db
def test_what_is_still_held_is_not_paid(till: Any, bundle: Any, visitor_of_referrer: Any, owner: Any) -> None:
    till.bought(bundle, visitor=visitor_of_referrer)
    assert Commission.objects.filter(state="pending").exists()
    assert prepare_payouts(actor=owner) == []


@pytest.mark.django_db
def test_a_balance_below_the_minimum_waits(earn: Earn, owner: Any, settings: Any) -> None:
    settings.PAYOUT_MINIMUMS = {"CNY": EACH + 1}
    earn()
    assert prepare_payouts(actor=owner) == []
    earn()
    (payout,) = prepare_payouts(actor=owner)
    assert payout.amount == 2 * EACH


@pytest.mark.django_db
def test_fault_20_a_refund_after_the_payout_offsets_the_next_one_once(earn: Earn, till: Any, owner: Any) -> None:
    order = earn()
    (payout,) = prepare_payouts(actor=owner)
    mark_paid(payout=payout, actor=owner)
    refund_order(order=order, actor=owner, reason="late")
    till.deliver()
    (debt,) = payables()
    assert debt.amount == -EACH
    assert prepare_payouts(actor=owner) == []
    earn()
    earn()
    (second,) = prepare_payouts(actor=owner)
    assert second.amount == EACH
    mark_paid(payout=second, actor=owner)
    assert prepare_payouts(actor=owner) == []
    assert balance("commission_payable", "CNY") == 0
    _check_invariants()


@pytest.mark.django_db
@pytest.mark.parametrize("paid_before", [False, True])
def test_fault_21_what_failed_even_after_paid_can_be_paid_again_once(earn: Earn, owner: Any, *, paid_before: bool) -> None:
    earn()
    (first,) = prepare_payouts(actor=owner)
    if paid_before:
        mark_paid(payout=first, actor=owner)
    for _again in range(2):
        mark_failed(payout=first, actor=owner, reason="Account closed")
    assert AuditEntry.objects.filter(action="payout.failed").count() == 1
    assert -balance("commission_payable", "CNY") == EACH
    assert balance("bank", "CNY") == 0
    with pytest.raises(CannotChange):
        mark_paid(payout=first, actor=owner)
    (second,) = prepare_payouts(actor=owner)
    assert second.amount == EACH
    mark_paid(payout=second, actor=owner)
    assert prepare_payouts(actor=owner) == []
    assert balance("bank", "CNY") == -EACH
    _check_invariants()


@pytest.mark.django_db
def test_what_a_dispute_froze_since_stays_out_of_the_bank_file(earn: Earn, referrer: Any, owner: Any) -> None:
    name_bank(user=referrer, holder="R", bank="CTBC", account="0001")
    order = earn()
    prepare_payouts(actor=owner)
    assert len(to_transfer()) == 1
    freeze(order=order)
    assert to_transfer() == []


@pytest.mark.django_db
def test_two_payouts_never_share_a_bank_reference(earn: Earn, owner: Any) -> None:
    payouts = []
    for _one in range(2):
        earn()
        payouts += prepare_payouts(actor=owner)
    mark_paid(payout=payouts[0], actor=owner, transfer_id="B1")
    with pytest.raises(CannotChange, match="reference"):
        mark_paid(payout=payouts[1], actor=owner, transfer_id="B1")


def _at_once(owner: Any, monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Two runs that both have read what is unpaid before either writes, where nothing keeps them apart."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(2, timeout=3)
    real = prepare._make

    def make(*args: Any) -> Payout:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        return real(*args)

    def run() -> None:
        try:
            prepare_payouts(actor=owner)
        except IntegrityError as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(prepare, "_make", make)
    threads = [threading.Thread(target=run) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_pay_once(earn: Earn, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    earn()
    assert _at_once(owner, monkeypatch) == []
    assert Payout.objects.get().amount == EACH
    _check_invariants()


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_the_database_must_stop_the_second_run(
    earn: Earn, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    earn()
    monkeypatch.setattr(prepare, "lock_payee", lambda payee_id: None)
    assert len(_at_once(owner, monkeypatch)) == 1


@pytest.mark.django_db
def test_one_payout_holds_commission_and_shares_of_a_payee(
    earn: Earn, bundle: Any, referrer: Any, teacher: Any, owner: Any
) -> None:
    give_role(user=referrer, role=INSTRUCTOR)
    change_split(offer=bundle, shares={referrer.pk: 2000, teacher.pk: 8000}, actor=owner)
    referrer.groups.clear()  # people of the house earn no commission
    User.objects.filter(pk=referrer.pk).update(is_staff=False)
    earn()
    release_holds()
    mine, theirs = sorted(prepare_payouts(actor=owner), key=lambda row: row.payee_id != referrer.pk)
    shares = sum(Earning.objects.filter(payee=referrer).values_list("amount", flat=True))
    assert shares > 0
    assert (mine.payee, mine.amount) == (referrer, EACH + shares)
    assert theirs.payee == teacher
    for payout in (mine, theirs):
        mark_paid(payout=payout, actor=owner)
    assert balance("commission_payable", "CNY") == balance("instructor_payable", "CNY") == 0
    assert -balance("bank", "CNY") == mine.amount + theirs.amount
    assert set(Earning.objects.values_list("state", flat=True)) == {"paid"}
    check_audit()
    mark_failed(payout=mine, actor=owner)
    assert -balance("commission_payable", "CNY") == EACH
    assert -balance("instructor_payable", "CNY") == shares
    check_audit()
    (again,) = prepare_payouts(actor=owner)
    assert again.amount == mine.amount
    check_audit()


@pytest.mark.django_db
def test_fault_20_a_refund_after_the_payout_offsets_shares_with_commission_once(
    earn: Earn, till: Any, bundle: Any, teacher: Any, owner: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    order = earn()
    release_holds()
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
    paid = Payout.objects.get(payee=teacher).amount
    refund_order(order=order, actor=owner, reason="late")
    till.deliver()
    debts = {row.payee: (row.amount, row.offset) for row in payables()}
    assert debts[teacher] == (-paid, -paid)
    assert prepare_payouts(actor=owner) == []
    for _one in range(2):
        earn()
    release_holds()
    second = next(row for row in prepare_payouts(actor=owner) if row.payee == teacher)
    assert second.amount == paid
    mark_paid(payout=second, actor=owner)
    assert prepare_payouts(actor=owner) == []
    check_audit()


@pytest.mark.django_db
def test_a_share_that_a_dispute_froze_since_stays_out_of_the_bank_file(
    earn: Earn, till: Any, bundle: Any, referrer: Any, teacher: Any, owner: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    for payee in (referrer, teacher):
        name_bank(user=payee, holder="P", bank="CTBC", account=f"{payee.pk}")
    order = earn()
    release_holds()
    prepare_payouts(actor=owner)
    assert len(to_transfer()) == 2
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    assert to_transfer() == []
    failed = Payout.objects.get(payee=teacher)
    mark_failed(payout=failed, actor=owner)
    assert teacher not in {row.payee for row in prepare_payouts(actor=owner)}
