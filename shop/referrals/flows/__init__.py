"""Writes of referrals, a file per journey."""

from shop.referrals.flows.agreement import (
    CannotJoin,
    VersionChanged,
    apply_to_join,
    decide_application,
    end_agreement,
    end_channel,
    invite,
    join_programme,
    register_channel,
)
from shop.referrals.flows.attribution import attribute, decide_held, note_touches
from shop.referrals.flows.case import (
    CannotDecide,
    TooManyReports,
    answer_case,
    appeal_case,
    decide_appeal,
    decide_case,
    report_link,
    watch_cases,
)
from shop.referrals.flows.clicks import bind_visitor, forget_clicks, record_click
from shop.referrals.flows.commission import accrue, adjust, reverse
from shop.referrals.flows.fraud import decide_suspicion, look_for_fraud
from shop.referrals.flows.hold import freeze, note_outcome, release_held_commissions, set_release, unfreeze
from shop.referrals.flows.objection import CannotObject, answer_objection, object_to
from shop.referrals.flows.poster import remove_picture, use_homework, use_own_picture
from shop.referrals.flows.programme import change_rules, create_link, create_programme, link_in_note, set_joining
from shop.referrals.flows.roll_up import roll_up_clicks
from shop.referrals.flows.tell import tell_of_sale
from shop.referrals.flows.thanks import thank_referrer

__all__ = [
    "CannotDecide",
    "CannotJoin",
    "CannotObject",
    "TooManyReports",
    "VersionChanged",
    "accrue",
    "adjust",
    "answer_case",
    "answer_objection",
    "appeal_case",
    "apply_to_join",
    "attribute",
    "bind_visitor",
    "change_rules",
    "create_link",
    "create_programme",
    "decide_appeal",
    "decide_application",
    "decide_case",
    "decide_held",
    "decide_suspicion",
    "end_agreement",
    "end_channel",
    "forget_clicks",
    "freeze",
    "invite",
    "join_programme",
    "link_in_note",
    "look_for_fraud",
    "note_outcome",
    "note_touches",
    "object_to",
    "record_click",
    "register_channel",
    "release_held_commissions",
    "remove_picture",
    "report_link",
    "reverse",
    "roll_up_clicks",
    "set_joining",
    "set_release",
    "tell_of_sale",
    "thank_referrer",
    "unfreeze",
    "use_homework",
    "use_own_picture",
    "watch_cases",
]
