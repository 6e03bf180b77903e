"""Posting to the ledger: balanced, once per key, never changed afterwards."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from django.db import IntegrityError, transaction

from kit.clock import now
from shop.ledger.models import Account, Entry, Transaction

KINDS = {
    "stripe_clearing": Account.Kind.ASSET,
    "disputes": Account.Kind.ASSET,
    "bank": Account.Kind.ASSET,
    "transfers": Account.Kind.ASSET,
    "stripe_held": Account.Kind.ASSET,
    "suspense": Account.Kind.LIABILITY,
    "refunds_pending": Account.Kind.LIABILITY,
    "tax_payable": Account.Kind.LIABILITY,
    "commission_payable": Account.Kind.LIABILITY,
    "instructor_payable": Account.Kind.LIABILITY,
    "stripe_fees": Account.Kind.EXPENSE,
    "commission_expense": Account.Kind.EXPENSE,
    "instructor_expense": Account.Kind.EXPENSE,
    "exchange": Account.Kind.EXPENSE,
    "revenue": Account.Kind.INCOME,
}


class LedgerConflict(Exception):
    """The key was used before, for other entries."""


@dataclass(frozen=True)
class Posting:
    """One side: `debit` or `credit` of an account, in minor units of `currency`. Both zero: left out."""

    account: str
    currency: str
    debit: int = 0
    credit: int = 0


def two_sided(account: str, amount: int, currency: str) -> Posting:
    """A debit for a positive amount, a credit for a negative one."""
    return Posting(account, currency, debit=max(amount, 0), credit=max(-amount, 0))


def post(*, key: str, source: str, text: str, entries: Sequence[Posting]) -> Transaction:
    """Write a balanced transaction. The same key and input give the row that is there already.

    `source` names the cause (`order:17`). Raises LedgerConflict for a known key with another input, and ValueError
    for entries that do not balance per currency, are negative or two-sided, or name an account that does not exist.
    """
    rows = [entry for entry in entries if entry.debit or entry.credit]
    _check(rows)
    digest = _digest(source, rows)
    try:
        with transaction.atomic():
            row = Transaction.objects.create(key=key, input_hash=digest, source=source, text=text[:200], at=now())
            accounts = _accounts({entry.account for entry in rows})
            Entry.objects.bulk_create(
                Entry(
                    transaction=row,
                    account=accounts[entry.account],
                    currency=entry.currency,
                    debit=entry.debit,
                    credit=entry.credit,
                )
                for entry in rows
            )
            return row
    except IntegrityError:
        known = Transaction.objects.filter(key=key).first()
        if known is None:
            raise
    if known.input_hash != digest:
        raise LedgerConflict(f"{key} was posted before with other entries")
    return known


def _check(rows: Sequence[Posting]) -> None:
    balance: dict[str, int] = {}
    for entry in rows:
        if entry.debit < 0 or entry.credit < 0 or (entry.debit and entry.credit):
            raise ValueError(f"{entry.account}: a posting is a debit or a credit, never negative, never both")
        balance[entry.currency] = balance.get(entry.currency, 0) + entry.debit - entry.credit
    wrong = {currency: amount for currency, amount in balance.items() if amount}
    if wrong or not rows:
        raise ValueError(f"entries do not balance: {wrong or 'there are none'}")


def _digest(source: str, rows: Sequence[Posting]) -> str:
    text = json.dumps([source, sorted(astuple(entry) for entry in rows)])
    return hashlib.sha256(text.encode()).hexdigest()


def _accounts(codes: set[str]) -> dict[str, Account]:
    """The accounts by code, made at first use. Raises ValueError for a code that the plan of accounts has not."""
    found = {account.code: account for account in Account.objects.filter(code__in=codes)}
    for code in codes - set(found):
        kind = KINDS.get(code.partition(":")[0])
        if kind is None:
            raise ValueError(f"there is no account {code}")
        found[code] = Account.objects.get_or_create(code=code, defaults={"kind": kind})[0]
    return found
