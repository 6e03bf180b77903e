"""All writes of the community. A file per journey."""

from community.flows.answers import accept_answer, react
from community.flows.copying import furnish_space
from community.flows.feedback import answer_wish, make_wish, merge_wish, publish_release, vote, wishes_space
from community.flows.following import follow, tell_followers, unfollow, unwatch, watch
from community.flows.moderation import keep_post, move_topic, remove_post, report_post, set_locked, set_pinned
from community.flows.reading import mark_read, mark_space_read
from community.flows.spaces import ensure_space, join, leave, rename_space
from community.flows.telling import tell_of_post
from community.flows.writing import edit_post, open_topic, reply

__all__ = [
    "accept_answer",
    "answer_wish",
    "edit_post",
    "ensure_space",
    "follow",
    "furnish_space",
    "join",
    "keep_post",
    "leave",
    "make_wish",
    "mark_read",
    "mark_space_read",
    "merge_wish",
    "move_topic",
    "open_topic",
    "publish_release",
    "react",
    "remove_post",
    "rename_space",
    "reply",
    "report_post",
    "set_locked",
    "set_pinned",
    "tell_followers",
    "tell_of_post",
    "unfollow",
    "unwatch",
    "vote",
    "watch",
    "wishes_space",
]
