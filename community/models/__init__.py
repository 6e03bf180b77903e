from community.models.answering import AnswerRules, Block, CannedAnswer
from community.models.door import Application, CodeGuess, Interest, Pass
from community.models.draft import Attachment, Draft
from community.models.draw import Draw, DrawEntry, DrawSeed, DrawWin
from community.models.event import Event, EventPicture, EventWait, Ticket
from community.models.feed import FeedItem, FeedTag
from community.models.feedback import Release, Wish, WishVote
from community.models.follow import Follow, Watch
from community.models.message import Conversation, Correspondent, Message, MessageFile, MessageReport
from community.models.note import (
    Badge,
    Note,
    NoteComment,
    NoteLike,
    NotePick,
    NotePicture,
    NoteReport,
    NoteTag,
    NoteThing,
)
from community.models.post import Mention, Post, PostVersion, Reaction
from community.models.recurring import Recurring, RecurringPost
from community.models.report import Report
from community.models.space import Membership, Space
from community.models.topic import ReadMark, Topic

__all__ = [
    "AnswerRules",
    "Application",
    "Attachment",
    "Badge",
    "Block",
    "CannedAnswer",
    "CodeGuess",
    "Conversation",
    "Correspondent",
    "Draft",
    "Draw",
    "DrawEntry",
    "DrawSeed",
    "DrawWin",
    "Event",
    "EventPicture",
    "EventWait",
    "FeedItem",
    "FeedTag",
    "Follow",
    "Interest",
    "Membership",
    "Mention",
    "Message",
    "MessageFile",
    "MessageReport",
    "Note",
    "NoteComment",
    "NoteLike",
    "NotePick",
    "NotePicture",
    "NoteReport",
    "NoteTag",
    "NoteThing",
    "Pass",
    "Post",
    "PostVersion",
    "Reaction",
    "ReadMark",
    "Recurring",
    "RecurringPost",
    "Release",
    "Report",
    "Space",
    "Ticket",
    "Topic",
    "Watch",
    "Wish",
    "WishVote",
]
