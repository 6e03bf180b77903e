"""shop.ledger.flows.post, and what the database itself refuses."""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from shop.ledger.flows import LedgerConflict, Posting, post
from shop.ledger.models import Account, Entry, Transaction
from shop.ledger.reads import balance, trial_balance

SALE = [
    Posting("stripe_clearing", "CNY", debit=59900),
    Posting("revenue:seat", "CNY", credit=46900),
    Posting("revenue:stock", "CNY", credit=13000),
]


def _post(key: str = "payment:1", entries: list[Posting] = SALE) -> Transaction:
    return post(key=key, source="order:1", text="Order 1 paid", entries=entries)


@pytest.mark.django_db
def test_a_posting_moves_the_balances_and_the_trial_balance_sums_to_zero() -> None:
    _post()
    assert balance("stripe_clearing", "CNY") == 59900
    assert balance("revenue:seat", "CNY") == -46900
    assert sum(row.amount for row in trial_balance()) == 0
    assert {row.account: row.natural for row in trial_balance()} == {
        "stripe_clearing": 59900,
        "revenue:seat": 46900,
        "revenue:stock": 13000,
    }


@pytest.mark.django_db
def test_the_same_key_and_input_is_the_same_row() -> None:
    assert _post() == _post()
    assert (Transaction.objects.count(), Entry.objects.count()) == (1, 3)


@pytest.mark.django_db
def test_the_same_key_with_other_numbers_is_a_conflict() -> None:
    _post()
    other = [Posting("stripe_clearing", "CNY", debit=100), Posting("revenue:seat", "CNY", credit=100)]
    with pytest.raises(LedgerConflict):
        _post(entries=other)
    assert balance("stripe_clearing", "CNY") == 59900


@pytest.mark.django_db
@pytest.mark.parametrize(
    "entries",
    [
        [],
        [Posting("stripe_clearing", "CNY", debit=5)],
        [Posting("stripe_clearing", "CNY", debit=5), Posting("bank", "USD", credit=5)],
        [Posting("stripe_clearing", "CNY", debit=-5), Posting("bank", "CNY", credit=-5)],
        [Posting("stripe_clearing", "CNY", debit=5, credit=5), Posting("bank", "CNY", debit=5, credit=5)],
        [Posting("nowhere", "CNY", debit=5), Posting("bank", "CNY", credit=5)],
    ],
)
def test_what_does_not_balance_or_has_no_account_is_refused(entries: list[Posting]) -> None:
    with pytest.raises(ValueError):
        _post(entries=entries)
    assert not Transaction.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_entry", "ledger_transaction"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_posted(table: str, change: str) -> None:
    _post()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_unbalanced_transaction_at_commit() -> None:
    bank = Account.objects.create(code="bank", kind=Account.Kind.ASSET)
    fees = Account.objects.create(code="stripe_fees", kind=Account.Kind.EXPENSE)
    with pytest.raises(DatabaseError, match="does not balance"), transaction.atomic():  # noqa: PT012  (fails at commit)
        row = Transaction.objects.create(key="x", input_hash="x", source="x", text="x", at="2026-01-01T00:00Z")
        Entry.objects.create(transaction=row, account=bank, currency="CNY", debit=5)
        Entry.objects.create(transaction=row, account=fees, currency="CNY", credit=4)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("debit", "credit"), [(5, 5), (0, 0), (-5, 0)])
def test_the_database_refuses_a_two_sided_or_empty_entry(debit: int, credit: int) -> None:
    bank = Account.objects.create(code="bank", kind=Account.Kind.ASSET)
    row = Transaction.objects.create(key="x", input_hash="x", source="x", text="x", at="2026-01-01T00:00Z")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(transaction=row, account=bank, currency="CNY", debit=debit, credit=credit)


@pytest.mark.django_db(transaction=True)
def test_the_same_key_posted_at_once_from_many_threads_is_written_once() -> None:
    rows: list[int] = []

    def work() -> None:
        rows.append(_post().pk)
        connections.close_all()

    threads: list[Any] = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(rows) == 8
    assert len(set(rows)) == 1
    assert balance("stripe_clearing", "CNY") == 59900
