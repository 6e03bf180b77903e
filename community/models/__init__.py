from community.models.door import Application, CodeGuess, Interest, Pass
from community.models.draw import Draw, DrawEntry, DrawSeed, DrawWin
from community.models.event import Event, EventPicture, EventWait, Ticket
from community.models.follow import Follow
from community.models.post import Post, Reaction
from community.models.recurring import Recurring, RecurringPost
from community.models.report import Report
from community.models.space import Membership, Space
from community.models.topic import ReadMark, Topic

__all__ = [
    "Application",
    "CodeGuess",
    "Draw",
    "DrawEntry",
    "DrawSeed",
    "DrawWin",
    "Event",
    "EventPicture",
    "EventWait",
    "Follow",
    "Interest",
    "Membership",
    "Pass",
    "Post",
    "Reaction",
    "ReadMark",
    "Recurring",
    "RecurringPost",
    "Report",
    "Space",
    "Ticket",
    "Topic",
]
