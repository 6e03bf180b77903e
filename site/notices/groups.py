"""What notices are about, as people choose it: a few groups of kinds, and how each reaches them.

A kind belongs to the group of its longest known beginning (`community.report` before `community`).
"""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class How(models.TextChoices):
    """How a group reaches a person."""

    AT_ONCE = "now", _("by e-mail at once")
    DAILY = "daily", _("in a daily e-mail")
    WEEKLY = "weekly", _("in a weekly e-mail")
    INBOX = "inbox", _("only here in the inbox")
    OFF = "off", _("not at all")


DIGESTS = (str(How.DAILY), str(How.WEEKLY))
BY_MAIL = (str(How.AT_ONCE), *DIGESTS)
# What the link in a digest stops, in place of a group.
DIGEST = "digest"


@dataclass(frozen=True)
class Group:
    """`is_fixed`: about money, orders and what must be known; nobody switches it off. `in_spaces`: chosen per space, too."""

    name: str
    label: str | Promise
    about: str | Promise
    kinds: tuple[str, ...]
    in_spaces: bool = False
    is_fixed: bool = False


GROUPS = (
    Group("replies", _("Answers"), _("Replies in topics you wrote in, mentions, accepted answers"), ("community",), True),
    Group("news", _("Announcements"), _("What those who run a space announce"), ("community.announcement",), True),
    Group("follow", _("People you follow"), _("New courses, notes and works of theirs"), ("follow", "note", "feed")),
    Group("messages", _("Messages"), _("Somebody writes to you"), ("message",)),
    Group("events", _("Events and draws"), _("Reminders, places on a wait-list, winners"), ("event", "draw"), True),
    Group("learning", _("Your courses"), _("Classes, homework, certificates"), ("course", "homework", "certificate")),
    Group("lessons", _("Reminders to practise"), _("The lesson of the day"), ("lesson",)),
    Group("recommending", _("Your recommendations"), _("Sales and thanks through your links"), ("sale", "thanks")),
    Group("feedback", _("Wishes"), _("What becomes of wishes that you voted for"), ("feedback",)),
    Group(
        "moderation",
        _("Keeping order"),
        _("Reports where you moderate, decisions about your own posts"),
        (
            "moderation",
            "community.report",
            "community.removed",
            "community.moderation",
            "community.application",
            "community.decision",
            "message.report",
            "course.report",
        ),
        in_spaces=True,
    ),
    Group(
        "money",
        _("Orders and money"),
        _("Orders, parcels, payouts, your account"),
        ("order", "shipment", "stock", "money", "payout", "promote", "case", "account"),
        is_fixed=True,
    ),
)
OTHER = Group("other", _("Everything else"), _("What fits nowhere above"), ())
ALL = (*GROUPS[:-1], OTHER, GROUPS[-1])
BY_NAME = {group.name: group for group in ALL}
_BY_KIND = {kind: group for group in GROUPS for kind in group.kinds}
# Of these a mail waits for no morning: a place held for hours, a class that begins.
URGENT = ("course.offer", "course.live", "event.offer", "event.soon")


def group_of(kind: str) -> Group:
    """The group of a kind such as `community.post`."""
    while kind:
        if kind in _BY_KIND:
            return _BY_KIND[kind]
        kind = kind.rpartition(".")[0]
    return OTHER


def is_urgent(kind: str) -> bool:
    """Whether its mail is sent in quiet hours, too."""
    return group_of(kind).is_fixed or kind in URGENT
