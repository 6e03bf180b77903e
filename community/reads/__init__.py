"""Reads of the community. A file per question."""

from community.reads.about import replies_of_team, topics_about
from community.reads.boards import BOARD_PAGE, BoardPage, board, unread_since
from community.reads.drafts import about_of, draft_at, files_as_shown, unsent_files
from community.reads.moderation import reported_posts
from community.reads.people import handles_of_members, members_named
from community.reads.spaces import add_member_counts, public_spaces, space_people, spaces_moderated, spaces_of
from community.reads.topics import POSTS_PAGE, TopicPage, dressed_post, may_accept, post_path, topic_page
from community.reads.versions import earlier_versions

__all__ = [
    "BOARD_PAGE",
    "POSTS_PAGE",
    "BoardPage",
    "TopicPage",
    "about_of",
    "add_member_counts",
    "board",
    "draft_at",
    "dressed_post",
    "earlier_versions",
    "files_as_shown",
    "handles_of_members",
    "may_accept",
    "members_named",
    "post_path",
    "public_spaces",
    "replies_of_team",
    "reported_posts",
    "space_people",
    "spaces_moderated",
    "spaces_of",
    "topic_page",
    "topics_about",
    "unread_since",
    "unsent_files",
]
