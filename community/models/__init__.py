from community.models.follow import Follow
from community.models.post import Post, Reaction
from community.models.report import Report
from community.models.space import Membership, Space
from community.models.topic import ReadMark, Topic

__all__ = ["Follow", "Membership", "Post", "Reaction", "ReadMark", "Report", "Space", "Topic"]
