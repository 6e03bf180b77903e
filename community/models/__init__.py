from community.models.feed import FeedItem, FeedTag
from community.models.follow import Follow, Watch
from community.models.post import Post, Reaction
from community.models.report import Report
from community.models.space import Membership, Space
from community.models.topic import ReadMark, Topic

__all__ = [
    "FeedItem",
    "FeedTag",
    "Follow",
    "Membership",
    "Post",
    "Reaction",
    "ReadMark",
    "Report",
    "Space",
    "Topic",
    "Watch",
]
