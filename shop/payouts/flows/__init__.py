"""Sharing revenue among teachers; paying them and referrers: prepare, then say what the bank did."""

from shop.payouts.flows.outcome import CannotChange, mark_failed, mark_paid
from shop.payouts.flows.prepare import prepare_payouts
from shop.payouts.flows.share import freeze_shares, release_shares, set_shares_release, share_revenue, unfreeze_shares
from shop.payouts.flows.split import CannotShare, change_split

__all__ = [
    "CannotChange",
    "CannotShare",
    "change_split",
    "freeze_shares",
    "mark_failed",
    "mark_paid",
    "prepare_payouts",
    "release_shares",
    "set_shares_release",
    "share_revenue",
    "unfreeze_shares",
]
