"""Paying by Stripe transfer: once, whatever happens on the way; and what Stripe tells of it afterwards."""

import contextlib
import threading
from typing import Any

import pytest
from django.db import connection

from kit.models import AuditEntry
from notices.models import Notice
from shop.checkout.flows import reconcile_balance, release_holds
from shop.ledger.reads import balance
from shop.payouts import reads
from shop.payouts.flows import (
    CannotChange,
    TransferDelayed,
    change_split,
    connect_payee,
    mark_failed,
    mark_paid,
    prepare_payouts,
    send_waiting_transfers,
    transfer_payout,
)
from shop.payouts.flows import transfer as flow
from shop.payouts.models import Earning, PayeeAccount, Payout
from tests.payouts.conftest import Earn
from tests.shop.till import check_audit
from tests.stripe_stand_in.faults import Fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(earn: Earn, till: Any, bundle: Any, teacher: Any, owner: Any) -> Payout:
    """A prepared payout to a teacher whose account at Stripe can be paid, and money at Stripe to pay it from."""
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    earn()
    release_holds()
    prepare_payouts(actor=owner)
    connect_payee(user=teacher, country="GB", return_url="http://site.test/back/")
    till.stand_in.finish_setup(PayeeAccount.objects.get().account_id)
    till.deliver()
    return Payout.objects.get(payee=teacher)


def _transfers(till: Any) -> list[Any]:
    return list(till.stand_in.world.store.oldest_first("transfer"))


def test_a_transfer_pays_the_lines_and_the_books_follow_stripes_balance(
    ready: Payout, till: Any, owner: Any, teacher: Any
) -> None:
    for _again in range(2):
        paid = transfer_payout(payout=ready, actor=owner)
    (made,) = _transfers(till)
    account = PayeeAccount.objects.get(user=teacher)
    assert (made["amount"], made["currency"], made["destination"]) == (ready.amount, "cny", account.account_id)
    assert (paid.state, paid.transfer_id, paid.method) == ("paid", made["id"], "transfer")
    assert set(Earning.objects.values_list("state", flat=True)) == {"paid"}
    assert balance("instructor_payable", "CNY") == balance("bank", "CNY") == 0
    assert -balance("transfers", "CNY") == ready.amount
    assert reconcile_balance() == []
    assert balance("transfers", "CNY") == 0
    till.deliver()
    assert Notice.objects.filter(user=teacher, kind="payout").count() == 1
    trail = AuditEntry.objects.filter(target=f"payout:{ready.pk}").order_by("pk")
    assert [line.action for line in trail] == ["payout.prepared", "payout.sending", "payout.paid"]


@pytest.mark.parametrize("after_work", [True, False])
def test_a_time_out_is_sent_again_by_the_same_key_and_is_one_transfer(
    ready: Payout, till: Any, owner: Any, clock: Any, *, after_work: bool
) -> None:
    till.stand_in.faults.add(Fault(silent=True, after_work=after_work, path="/v1/transfers", method="POST"))
    with pytest.raises(TransferDelayed):
        transfer_payout(payout=ready, actor=owner)
    ready.refresh_from_db()
    key = ready.transfer_key
    assert (ready.state, len(_transfers(till))) == ("sending", int(after_work))
    assert ready not in reads.prepared(), "not in the bank file as well"
    clock.advance(minutes=2)
    assert send_waiting_transfers() == 1
    ready.refresh_from_db()
    (made,) = _transfers(till)
    assert (ready.state, ready.transfer_key, made["transfer_group"]) == ("paid", key, key)
    assert send_waiting_transfers() == 0
    reconcile_balance()
    till.deliver()


def test_past_a_day_the_transfer_is_looked_up_before_it_is_made_again(ready: Payout, till: Any, owner: Any, clock: Any) -> None:
    till.stand_in.faults.add(Fault(silent=True, after_work=True, path="/v1/transfers", method="POST"))
    with pytest.raises(TransferDelayed):
        transfer_payout(payout=ready, actor=owner)
    clock.advance(hours=30)
    till.stand_in.take_webhooks()
    assert send_waiting_transfers() == 1
    ready.refresh_from_db()
    assert (ready.state, len(_transfers(till))) == ("paid", 1)


def test_an_event_alone_says_that_it_was_paid(ready: Payout, till: Any, owner: Any) -> None:
    till.stand_in.faults.add(Fault(silent=True, after_work=True, path="/v1/transfers", method="POST"))
    with pytest.raises(TransferDelayed):
        transfer_payout(payout=ready, actor=owner)
    reconcile_balance()
    assert till.deliver() == ["transfer.created"]
    ready.refresh_from_db()
    assert ready.state == "paid"


def test_fault_21_a_reversed_transfer_can_be_paid_again_once(ready: Payout, till: Any, owner: Any, teacher: Any) -> None:
    transfer_payout(payout=ready, actor=owner)
    _reverse(till, ready)
    reconcile_balance()
    till.deliver()
    ready.refresh_from_db()
    assert ready.state == "failed"
    assert balance("transfers", "CNY") == 0
    assert -balance("instructor_payable", "CNY") == ready.amount
    (again,) = [row for row in prepare_payouts(actor=owner) if row.payee == teacher]
    assert again.amount == ready.amount
    mark_paid(payout=again, actor=owner)
    assert prepare_payouts(actor=owner) == []
    check_audit()


def test_a_transfer_reversed_in_part_is_for_people(ready: Payout, till: Any, owner: Any) -> None:
    transfer_payout(payout=ready, actor=owner)
    _reverse(till, ready, amount=100)
    reconcile_balance()
    till.deliver()
    ready.refresh_from_db()
    assert ready.state == "paid"
    assert Notice.objects.filter(user=owner, kind="money", key__contains=":part:").count() == 1


def test_a_refusal_leaves_it_prepared_for_the_bank(ready: Payout, till: Any, owner: Any) -> None:
    till.stand_in.make_payout("cny")
    with pytest.raises(CannotChange, match="balance_insufficient"):
        transfer_payout(payout=ready, actor=owner)
    ready.refresh_from_db()
    assert (ready.state, ready.method, ready.transfer_key) == ("prepared", "bank", None)
    assert ready in reads.prepared()
    mark_paid(payout=ready, actor=owner)


def test_what_stripe_sends_nobody_marks_by_hand(ready: Payout, till: Any, owner: Any) -> None:
    till.stand_in.faults.add(Fault(silent=True, path="/v1/transfers", method="POST"))
    with pytest.raises(TransferDelayed):
        transfer_payout(payout=ready, actor=owner)
    for mark in (mark_paid, mark_failed):
        with pytest.raises(CannotChange, match="Stripe sends"):
            mark(payout=ready, actor=owner)
    send_waiting_transfers()
    transfer_payout(payout=ready, actor=owner)
    with pytest.raises(CannotChange, match="Stripe sends"):
        mark_failed(payout=ready, actor=owner)


def test_a_payout_with_a_disputed_order_is_not_transferred(ready: Payout, till: Any, owner: Any) -> None:
    till.stand_in.open_dispute(till.charge_of(Earning.objects.first().component.line.order))  # type: ignore[union-attr]
    till.deliver()
    with pytest.raises(CannotChange, match="disputes"):
        transfer_payout(payout=ready, actor=owner)
    assert _transfers(till) == []


def test_an_account_that_is_not_ready_any_more_is_not_paid(ready: Payout, till: Any, owner: Any) -> None:
    account = PayeeAccount.objects.get()
    till.stand_in.change_account(account.account_id, payouts_enabled=False)
    till.deliver()
    with pytest.raises(CannotChange, match="no account"):
        transfer_payout(payout=ready, actor=owner)
    till.stand_in.change_account(account.account_id, payouts_enabled=True)
    till.deliver()
    till.stand_in.deauthorize(account.account_id)
    till.deliver()
    account.refresh_from_db()
    assert (account.account_id, account.payouts_enabled) == (None, False)
    with pytest.raises(CannotChange, match="no account"):
        transfer_payout(payout=ready, actor=owner)
    assert _transfers(till) == []


def test_the_owner_chooses_the_transfer_on_the_payouts_page(ready: Payout, till: Any, owner: Any, client_of: Any) -> None:
    browser, path = client_of(owner), f"/admin/shop/payouts/{ready.pk}/"
    assert "Send it by Stripe" in browser.get(path).content.decode()
    till.stand_in.faults.add(Fault(silent=True, path="/v1/transfers", method="POST"))
    page = browser.post(f"{path}settle/", {"action": "transfer"}, follow=True).content.decode()
    assert "Stripe does not answer" in page
    assert "on its way" in page
    browser.post(f"{path}settle/", {"action": "transfer"})
    page = browser.get(path).content.decode()
    assert _transfers(till)[0]["id"] in page
    assert "Send it by Stripe" not in page
    assert "It came back" not in page


def test_without_an_account_the_bank_file_is_the_only_way(earn: Earn, owner: Any, client_of: Any) -> None:
    earn()
    (payout,) = prepare_payouts(actor=owner)
    assert "Send it by Stripe" not in client_of(owner).get(f"/admin/shop/payouts/{payout.pk}/").content.decode()
    with pytest.raises(CannotChange, match="no account"):
        transfer_payout(payout=payout, actor=owner)


def _reverse(till: Any, payout: Payout, **how: Any) -> None:
    """In Stripe's dashboard."""
    import stripe as sdk

    client = sdk.StripeClient("sk_test_x", base_addresses={"api": till.stand_in.base})
    payout.refresh_from_db()
    client.v1.transfers.reversals.create(str(payout.transfer_id), how)  # type: ignore[arg-type]


def _at_once(payout: Payout, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = threading.Barrier(2, timeout=3)
    real = flow.payouts

    def meet(*args: Any) -> Any:
        """Both have seen it prepared, where nothing keeps them apart."""
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        return real(*args)

    def run() -> None:
        try:
            transfer_payout(payout=payout, actor=owner)
        except (CannotChange, TransferDelayed):
            pass
        finally:
            connection.close()

    monkeypatch.setattr(flow, "payouts", meet)
    threads = [threading.Thread(target=run) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _written_down() -> int:
    return AuditEntry.objects.filter(action="payout.sending").count()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_transfer(ready: Payout, till: Any, owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _at_once(ready, owner, monkeypatch)
    assert (len(_transfers(till)), _written_down()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_clicks_write_down_two_transfers(
    ready: Payout, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "locked", lambda payout: Payout.objects.get(pk=payout.pk))
    with contextlib.suppress(Exception):
        _at_once(ready, owner, monkeypatch)
    assert _written_down() == 2
