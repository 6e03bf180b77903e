"""All writes of the community. A file per journey."""

from community.flows.answers import accept_answer, react
from community.flows.copying import furnish_space
from community.flows.drafts import Words, clear_draft, drop_other, keep_draft
from community.flows.files import drop_files, keep_file, sweep_unsent_files
from community.flows.following import follow, tell_followers, unfollow, unwatch, watch
from community.flows.moderation import keep_post, move_topic, remove_post, report_post, set_locked, set_pinned
from community.flows.reading import mark_read, mark_space_read
from community.flows.spaces import ensure_space, join, leave, rename_space
from community.flows.telling import tell_of_post
from community.flows.writing import edit_post, open_topic, reply, retype_topic

__all__ = [
    "Words",
    "accept_answer",
    "clear_draft",
    "drop_files",
    "drop_other",
    "edit_post",
    "ensure_space",
    "follow",
    "furnish_space",
    "join",
    "keep_draft",
    "keep_file",
    "keep_post",
    "leave",
    "mark_read",
    "mark_space_read",
    "move_topic",
    "open_topic",
    "react",
    "remove_post",
    "rename_space",
    "reply",
    "report_post",
    "retype_topic",
    "set_locked",
    "set_pinned",
    "sweep_unsent_files",
    "tell_followers",
    "tell_of_post",
    "unfollow",
    "unwatch",
    "watch",
]
