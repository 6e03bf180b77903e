"""Telling somebody of a message, and of one that was reported."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_noop as _

from accounts.roles import OWNER
from community.flows.telling import MAIL_DELAY
from community.models import Conversation, Correspondent, Message, MessageReport
from notices.flows import Words, notify, notify_many, settle


def path_of(conversation_id: int) -> str:
    """Without a language prefix: notices are read later."""
    return f"/messages/{conversation_id}/"


def tell_of_message(payload: dict[str, Any]) -> None:
    """Handler of `message.written`: one notice for all that waits unread; its mail waits a minute, reading cancels it.

    It names who wrote, never what: mails are read over shoulders, and the words may be taken away.
    """
    messages = Message.objects.select_related("conversation", "author").filter(pk=payload["message"], removed_at=None)
    message = messages.first()
    if message is None or message.is_automatic:
        return
    rows = Correspondent.objects.exclude(user=message.author_id).select_related("user")
    other = rows.get(conversation=message.conversation_id)
    if other.read_no < message.no:
        notify(
            user=other.user,
            kind="message.new",
            key=_key(other.conversation_id, other.read_no),
            words=Words(_("%(author)s wrote to you"), "%(about)s", _params(message)),
            url=path_of(message.conversation_id),
            gate=f"conversation:{message.conversation_id}",
            delay=MAIL_DELAY,
        )


def _params(message: Message) -> dict[str, str | int]:
    return {"author": message.author.display_name, "about": message.conversation.about_title}


def _key(conversation_id: int, read_no: int) -> str:
    return f"conversation:{conversation_id}:{read_no}"


@transaction.atomic
def mark_conversation_read(*, user: Any, conversation: Conversation, no: int) -> None:
    """The person has seen it up to message `no`; marks only move forward. What told them of it is settled."""
    rows = Correspondent.objects.select_for_update().filter(conversation=conversation, user=user, read_no__lt=no)
    if row := rows.first():
        settle(user=user, keys=[_key(conversation.pk, row.read_no)])
        row.read_no = min(no, conversation.last_no)
        row.save(update_fields=["read_no"])


def tell_owners_of_report(report: MessageReport) -> None:
    """The owners and nobody else; the words stand on their page only."""
    notify_many(
        users=get_user_model().objects.filter(groups__name=OWNER, is_active=True),
        kind="message.report",
        key=f"message_report:{report.pk}",
        words=Words(_("A message was reported"), "%(reason)s", {"reason": report.reason}),
        url="/messages/reports/",
        gate="reported_messages",
    )
