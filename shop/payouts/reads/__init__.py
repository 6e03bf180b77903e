"""What the room shows: shares of offers (splits), what is owed and paid (owed), what a teacher earned (income)."""

from shop.payouts.reads.owed import (
    Payable,
    can_transfer,
    orders_to_release,
    payables,
    payouts,
    prepared,
    to_transfer,
    totals,
    unpaid_commissions,
    unpaid_earnings,
)
from shop.payouts.reads.preview import Run, preview
from shop.payouts.reads.splits import first_shares, names_of, offers_by_title, points_of, shares_in_force, teachers, versions_of

__all__ = [
    "Payable",
    "Run",
    "can_transfer",
    "first_shares",
    "names_of",
    "offers_by_title",
    "orders_to_release",
    "payables",
    "payouts",
    "points_of",
    "prepared",
    "preview",
    "shares_in_force",
    "teachers",
    "to_transfer",
    "totals",
    "unpaid_commissions",
    "unpaid_earnings",
    "versions_of",
]
