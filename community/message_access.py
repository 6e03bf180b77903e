"""Who opens a conversation: the two in it, and nobody else, whatever their role. Missing and another's are the same 404."""

from collections.abc import Collection
from typing import Any

from django.http import Http404

from accounts.roles import oversees
from community.flows.blocking import blocked_with
from community.models import Conversation, Correspondent, Message, MessageFile


def conversation_for(user: Any, conversation_id: int) -> tuple[Conversation, Correspondent]:
    """The conversation with both persons, and this person's own place in it. One query."""
    rows = Correspondent.objects.filter(conversation=conversation_id, user=user.pk)
    people = ("conversation__asker__profile__portrait", "conversation__answerer__profile__portrait")
    row = rows.select_related(*people).first()
    if row is None:
        raise Http404("no such conversation")
    return row.conversation, row


def message_for(user: Any, conversation_id: int, no: int) -> Message:
    """A message of one's own conversation by its number."""
    mine = Correspondent.objects.filter(user=user.pk).values("conversation")
    rows = Message.objects.filter(conversation=conversation_id, conversation__in=mine, no=no)
    message = rows.select_related("conversation", "author").first()
    if message is None:
        raise Http404("no such message")
    return message


def file_for(user: Any, conversation_id: int, file_id: int) -> MessageFile:
    """A file for the two of its conversation, and for the owner where its message was reported and is undecided."""
    file = MessageFile.objects.filter(pk=file_id, message__conversation=conversation_id, message__removed_at=None).first()
    mine = Correspondent.objects.filter(user=user.pk, conversation=conversation_id)
    if file is None or not (mine.exists() or (oversees(user) and file.message.reports.filter(state="open").exists())):
        raise Http404("no such file")
    return file


def reported_message_for(user: Any, message_id: int) -> Message:
    """A message that was reported, for the site's owner alone."""
    rows = Message.objects.filter(pk=message_id, reports__isnull=False).select_related("author", "conversation")
    message = rows.first() if oversees(user) else None
    if message is None:
        raise Http404("no such message")
    return message


def conversation_gate(ident: str, user: Any) -> bool:
    """Whether this person is still told of it."""
    return ident in open_conversations([ident], user)


def open_conversations(ids: Collection[str], user: Any) -> set[str]:
    """Those of the conversations that the person is in, and in which nobody has blocked the other. Two queries."""
    numbers = [int(ident) for ident in ids if ident.isdecimal()]
    shut = blocked_with(user)
    rows = Conversation.objects.filter(pk__in=numbers, correspondents__user=user)
    return {str(pk) for pk, asker, answerer in rows.values_list("pk", "asker", "answerer") if not {asker, answerer} & shut}


def last_numbers(ids: Collection[str], user: Any) -> dict[str, int]:
    """For open pages: how far one's conversations have come (notices.live)."""
    numbers = [int(ident) for ident in ids if ident.isdecimal()]
    rows = Conversation.objects.filter(pk__in=numbers, correspondents__user=user)
    return {str(pk): no for pk, no in rows.values_list("pk", "last_no")}


def reports_gate(_ident: str, user: Any) -> bool:
    return oversees(user)
