"""The inbox and a conversation, by keyset; a fixed number of queries whatever the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from community.models import CannedAnswer, Conversation, Correspondent, Message, MessageReport
from kit.clock import now
from kit.pictures import THUMB, picture_urls

INBOX_PAGE, MESSAGES_PAGE, MOST_COUNTED = 30, 30, 99
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)


@dataclass(frozen=True)
class InboxRow:
    """One conversation as its reader sees it. `owes`: the reader is asked and the answer is due at `due_at`."""

    conversation: Conversation
    partner: Any
    face: str
    unread: int
    last_at: datetime
    owes: bool
    is_late: bool


@dataclass(frozen=True)
class Inbox:
    rows: list[InboxRow]
    older: str


def inbox(user: Any, before: str = "") -> Inbox:
    """The person's conversations, the newest word first. One query, one more for faces."""
    people = ("conversation__asker__profile__portrait", "conversation__answerer__profile__portrait")
    rows = Correspondent.objects.filter(user=user, conversation__last_no__gt=0).select_related(*people)
    if edge := _edge(before):
        rows = rows.filter(Q(last_at__lt=edge[0]) | Q(last_at=edge[0], pk__lt=edge[1]))
    found = list(rows.order_by("-last_at", "-pk")[: INBOX_PAGE + 1])
    page, rest = found[:INBOX_PAGE], found[INBOX_PAGE:]
    faces = faces_of(partner_in(row.conversation, user) for row in page)
    return Inbox([_row(row, user, faces) for row in page], _mark(page[-1]) if rest else "")


def partner_in(conversation: Conversation, user: Any) -> Any:
    return conversation.answerer if conversation.asker_id == user.pk else conversation.asker


def faces_of(people: Iterable[Any]) -> dict[int, str]:
    """{person's id: address of their portrait}, of people whose page is public."""
    profiles = [profile for person in people if (profile := getattr(person, "profile", None)) and profile.is_public]
    urls = picture_urls([profile.portrait for profile in profiles], THUMB)
    return {profile.user_id: urls.get(profile.portrait_id or 0, "") for profile in profiles}


def _row(row: Correspondent, user: Any, faces: dict[int, str]) -> InboxRow:
    talk = row.conversation
    partner = partner_in(talk, user)
    owes = talk.due_at is not None and talk.answerer_id == user.pk
    is_late = bool(talk.due_at and talk.due_at < now())
    return InboxRow(talk, partner, faces.get(partner.pk, ""), max(talk.last_no - row.read_no, 0), row.last_at, owes, is_late)


def _mark(row: Correspondent) -> str:
    return f"{(row.last_at - EPOCH) // MICRO}_{row.pk}"


def _edge(before: str) -> tuple[datetime, int] | None:
    moment, _, pk = before.partition("_")
    if not (moment.isdecimal() and pk.isdecimal() and len(moment) < 17 and len(pk) < 19):
        return None
    return EPOCH + int(moment) * MICRO, int(pk)


def unread_conversations(user: Any) -> int:
    """How many conversations hold something unread, at most 99; for the header. One query."""
    rows = Correspondent.objects.filter(user=user.pk, conversation__last_no__gt=F("read_no"))
    return len(rows.values_list("pk")[:MOST_COUNTED]) if user.is_authenticated else 0


@dataclass(frozen=True)
class Page:
    """Messages in the order in which they were written; `older`: the number before which the next page ends, or 0."""

    messages: list[Message]
    older: int


def messages_of(conversation: Conversation, *, before: int = 0) -> Page:
    """The newest messages, or those before a number, with their files. Two queries."""
    rows = _with_files(conversation).order_by("-no")
    found = list((rows.filter(no__lt=before) if before else rows)[: MESSAGES_PAGE + 1])
    page = found[:MESSAGES_PAGE]
    return Page(page[::-1], page[-1].no if len(found) > MESSAGES_PAGE else 0)


def messages_after(conversation: Conversation, no: int) -> list[Message]:
    """What was written after number `no`, a page of it. Two queries."""
    return list(_with_files(conversation).filter(no__gt=no).order_by("no")[:MESSAGES_PAGE])


def _with_files(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation).prefetch_related("files")


def canned_of(user: Any) -> list[CannedAnswer]:
    return list(CannedAnswer.objects.filter(owner=user))


def open_reports(limit: int = 50) -> list[MessageReport]:
    """Reported messages that wait for the owner, oldest first; of each that one message. Two queries."""
    rows = MessageReport.objects.filter(state=MessageReport.State.OPEN).select_related("message__author", "reporter")
    return list(rows.prefetch_related("message__files").order_by("pk")[:limit])
