"""The audit: every invariant of the money, asked of the whole database in SQL, a statement or two each.

It trusts nothing that the flows keep true by themselves, nor that the database's own constraints and triggers are in
place: where one holds an invariant, its absence is a violation too. Reads only; shop.checkout.flows.watch tells people.
"""

from shop.checkout.audit import books, commission, goods, payment, sale
from shop.checkout.audit.check import Check, Finding, look

CHECKS: list[Check] = sorted(
    [*sale.CHECKS, *goods.CHECKS, *payment.CHECKS, *commission.CHECKS, *books.CHECKS], key=lambda check: int(check.code[1:])
)


def findings() -> list[Finding]:
    """What each invariant's check found, I1 first."""
    return [look(check) for check in CHECKS]


__all__ = ["CHECKS", "Finding", "findings"]
