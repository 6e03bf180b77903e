"""All writes of the community. A file per journey."""

from community.flows.answering import drop_canned, keep_canned, set_answer_rules
from community.flows.answers import accept_answer, react
from community.flows.applying import apply, decide, expire_applications, withdraw_application
from community.flows.calendar import add_recurring, end_recurring, pause_recurring, post_due
from community.flows.copying import clone_space, furnish_space
from community.flows.drafts import Words, clear_draft, drop_other, keep_draft
from community.flows.files import drop_files, keep_file, sweep_unsent_files
from community.flows.following import follow, tell_followers, unfollow, unwatch, watch
from community.flows.governing import Plan, archive_ended, change_space, make_space, remove_member, set_archived, set_role
from community.flows.joining import accept_rules, choose_interests, join_by_oneself, join_with_code, join_with_invitation
from community.flows.message_reports import decide_report, report_message
from community.flows.message_telling import mark_conversation_read
from community.flows.messaging import send_message, write_to
from community.flows.moderation import keep_post, move_topic, remove_post, report_post, set_locked, set_pinned
from community.flows.passes import end_pass, invite, make_code, make_link
from community.flows.reading import mark_read, mark_space_read
from community.flows.spaces import ensure_space, join, leave, rename_space
from community.flows.telling import tell_of_post
from community.flows.writing import edit_post, open_topic, reply, retype_topic

__all__ = [
    "Plan",
    "Words",
    "accept_answer",
    "accept_rules",
    "add_recurring",
    "apply",
    "archive_ended",
    "change_space",
    "choose_interests",
    "clear_draft",
    "clone_space",
    "decide",
    "decide_report",
    "drop_canned",
    "drop_files",
    "drop_other",
    "edit_post",
    "end_pass",
    "end_recurring",
    "ensure_space",
    "expire_applications",
    "follow",
    "furnish_space",
    "invite",
    "join",
    "join_by_oneself",
    "join_with_code",
    "join_with_invitation",
    "keep_canned",
    "keep_draft",
    "keep_file",
    "keep_post",
    "leave",
    "make_code",
    "make_link",
    "make_space",
    "mark_conversation_read",
    "mark_read",
    "mark_space_read",
    "move_topic",
    "open_topic",
    "pause_recurring",
    "post_due",
    "react",
    "remove_member",
    "remove_post",
    "rename_space",
    "reply",
    "report_message",
    "report_post",
    "retype_topic",
    "send_message",
    "set_answer_rules",
    "set_archived",
    "set_locked",
    "set_pinned",
    "set_role",
    "sweep_unsent_files",
    "tell_followers",
    "tell_of_post",
    "unfollow",
    "unwatch",
    "watch",
    "withdraw_application",
    "write_to",
]
