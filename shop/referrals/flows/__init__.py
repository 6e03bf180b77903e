"""Writes of referrals, a file per journey."""

from shop.referrals.flows.attribution import attribute, decide_held, note_touches
from shop.referrals.flows.clicks import bind_visitor, record_click
from shop.referrals.flows.commission import (
    accrue,
    freeze,
    release_held_commissions,
    reverse,
    set_release,
    unfreeze,
)
from shop.referrals.flows.programme import change_rules, create_link, create_programme, join_programme

__all__ = [
    "accrue",
    "attribute",
    "bind_visitor",
    "change_rules",
    "create_link",
    "create_programme",
    "decide_held",
    "freeze",
    "join_programme",
    "note_touches",
    "record_click",
    "release_held_commissions",
    "reverse",
    "set_release",
    "unfreeze",
]
