"""What a check is, and how it is asked."""

import json
from dataclasses import dataclass

from django.db import connection

from kit.clock import now
from kit.money import THREE_DECIMAL, WHOLE_UNITS_IN_HUNDREDTHS, step

SHOWN = 5
# A refund that counts: Stripe has it. See shop.payments.models.Refund.ACCEPTED.
ACCEPTED = "('pending', 'requires_action', 'succeeded')"
# What each ledger transaction moved, by its key: debits, which equal credits.
BOOKED = """(
        SELECT posted.key, sum(entry.debit) AS sum
        FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        WHERE split_part(posted.key, ':', 1) IN ('payment', 'refund', 'dispute') GROUP BY posted.key)"""


@dataclass(frozen=True)
class Check:
    """An invariant: its code in MONEY.md, its sentence, the table whose rows it is about, and what breaks it.

    Each of `broken` is a SELECT of one text that names a row (`order:17: why`). %(now)s and %(steps)s may be used; a
    percent sign of SQL itself is doubled.
    """

    code: str
    says: str
    table: str
    broken: tuple[str, ...]


@dataclass(frozen=True)
class Finding:
    """What a check saw: rows looked at, violations, and the first few of these by name."""

    code: str
    says: str
    checked: int
    violations: int
    examples: list[str]

    def __str__(self) -> str:
        line = f"{self.code:<4}{self.checked:>9} checked {self.violations:>6} violations  {self.says}"
        return line if not self.examples else f"{line}\n      {'; '.join(self.examples)}"


def look(check: Check) -> Finding:
    """Ask one check of the whole database: two statements."""
    steps = {code: step(code) for code in THREE_DECIMAL | WHOLE_UNITS_IN_HUNDREDTHS}
    union = " UNION ALL ".join(f"({select})" for select in check.broken)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {check.table}")  # noqa: S608  (a constant of ours)
        (checked,) = cursor.fetchone()
        broken = f"WITH broken(what) AS ({union}) SELECT count(*), (array_agg(what ORDER BY what))[1:{SHOWN}] FROM broken"  # noqa: S608
        cursor.execute(broken, {"now": now(), "steps": json.dumps(steps)})
        violations, examples = cursor.fetchone()
    return Finding(check.code, check.says, checked, violations, examples or [])


def step_of(currency: str) -> str:
    """SQL for the smallest change of an amount in the currency that this SQL expression names."""
    return f"coalesce((%(steps)s::jsonb ->> {currency})::bigint, 1)"


def guards(*names: str) -> str:
    """A SELECT of those triggers, constraints and unique indexes that the database lacks, or that are switched off.

    They are what keeps an invariant from being broken at all: a restore or a careful hand may have left one out.
    """
    wanted = ", ".join(f"('{name}')" for name in names)
    return f"""
        SELECT concat('the database lacks its guard ', name) FROM (VALUES {wanted}) AS wanted(name)
        WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = name AND tgenabled IN ('O', 'A'))
          AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = name AND contype <> 't' AND convalidated)
          AND NOT EXISTS (SELECT FROM pg_class WHERE relname = name AND relkind = 'i')"""  # noqa: S608
