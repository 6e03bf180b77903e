"""Paying referrers: prepare, then say what the bank did."""

from shop.payouts.flows.outcome import CannotChange, mark_failed, mark_paid
from shop.payouts.flows.prepare import prepare_payouts

__all__ = ["CannotChange", "mark_failed", "mark_paid", "prepare_payouts"]
