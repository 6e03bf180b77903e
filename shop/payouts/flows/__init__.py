"""Sharing revenue among teachers; paying them and referrers: prepare, then say what the bank did."""

from shop.payouts.flows.account import connect_payee, end_account, name_bank, note_account
from shop.payouts.flows.outcome import CannotChange, approve, mark_failed, mark_paid
from shop.payouts.flows.prepare import prepare_payouts
from shop.payouts.flows.share import freeze_shares, release_shares, set_shares_release, share_revenue, unfreeze_shares
from shop.payouts.flows.split import CannotShare, change_split, start_split
from shop.payouts.flows.transfer import TransferDelayed, send_waiting_transfers, settle_transfer, transfer_payout

__all__ = [
    "CannotChange",
    "CannotShare",
    "TransferDelayed",
    "approve",
    "change_split",
    "connect_payee",
    "end_account",
    "freeze_shares",
    "mark_failed",
    "mark_paid",
    "name_bank",
    "note_account",
    "prepare_payouts",
    "release_shares",
    "send_waiting_transfers",
    "set_shares_release",
    "settle_transfer",
    "share_revenue",
    "start_split",
    "transfer_payout",
    "unfreeze_shares",
]
