"""Reads of the community. A file per question."""

from community.reads.about import replies_of_team, topics_about
from community.reads.boards import BOARD_PAGE, BoardPage, board, unread_since
from community.reads.moderation import reported_posts
from community.reads.spaces import add_member_counts, public_spaces, space_people, spaces_of
from community.reads.topics import POSTS_PAGE, TopicPage, dressed_post, may_accept, post_path, topic_page

__all__ = [
    "BOARD_PAGE",
    "POSTS_PAGE",
    "BoardPage",
    "TopicPage",
    "add_member_counts",
    "board",
    "dressed_post",
    "may_accept",
    "post_path",
    "public_spaces",
    "replies_of_team",
    "reported_posts",
    "space_people",
    "spaces_of",
    "topic_page",
    "topics_about",
    "unread_since",
]
