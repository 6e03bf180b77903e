"""All writes of the community. A file per journey."""

from community.flows.answering import drop_canned, keep_canned, set_answer_rules
from community.flows.answers import accept_answer, react
from community.flows.blocking import block, unblock
from community.flows.copying import furnish_space
from community.flows.following import follow, tell_followers, unfollow, unwatch, watch
from community.flows.message_reports import decide_report, report_message
from community.flows.message_telling import mark_conversation_read
from community.flows.messaging import send_message, write_to
from community.flows.moderation import keep_post, move_topic, remove_post, report_post, set_locked, set_pinned
from community.flows.reading import mark_read, mark_space_read
from community.flows.spaces import ensure_space, join, leave, rename_space
from community.flows.telling import tell_of_post
from community.flows.writing import edit_post, open_topic, reply

__all__ = [
    "accept_answer",
    "block",
    "decide_report",
    "drop_canned",
    "edit_post",
    "ensure_space",
    "follow",
    "furnish_space",
    "join",
    "keep_canned",
    "keep_post",
    "leave",
    "mark_conversation_read",
    "mark_read",
    "mark_space_read",
    "move_topic",
    "open_topic",
    "react",
    "remove_post",
    "rename_space",
    "reply",
    "report_message",
    "report_post",
    "send_message",
    "set_answer_rules",
    "set_locked",
    "set_pinned",
    "tell_followers",
    "tell_of_post",
    "unblock",
    "unfollow",
    "unwatch",
    "watch",
    "write_to",
]
