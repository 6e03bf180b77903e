"""Showing one message to the site's owner, and what the owner decides. Moderators of spaces have no part in it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import oversees
from community.errors import Refused
from community.flows.message_files import erase_files
from community.flows.message_telling import tell_owners_of_report
from community.models import Conversation, Message, MessageFile, MessageReport
from kit import audit
from kit.clock import now
from kit.text import strip_controls


@transaction.atomic
def report_message(*, reporter: Any, message: Message, reason: str) -> MessageReport:
    """Report what the other one wrote, once. Raises Refused for one's own and for another's conversation."""
    talk = message.conversation
    if reporter.pk not in (talk.asker_id, talk.answerer_id) or message.author_id == reporter.pk or message.removed_at:
        raise Refused(_("Only what was written to you can be reported."))
    values = {"reason": strip_controls(reason).strip()[:300], "at": now()}
    report, created = MessageReport.objects.get_or_create(message=message, reporter=reporter, defaults=values)
    if created:
        tell_owners_of_report(report)
    return report


@transaction.atomic
def decide_report(*, by: Any, message: Message, remove: bool) -> None:
    """The owner keeps a reported message or takes its words and files away. A line in the trail; again: nothing."""
    if not oversees(by):
        raise Refused(_("Only the owner decides this."))
    Conversation.objects.select_for_update(of=("self",)).get(pk=message.conversation_id)
    state = MessageReport.State.REMOVED if remove else MessageReport.State.KEPT
    reports = MessageReport.objects.filter(message=message, state=MessageReport.State.OPEN)
    if not reports.update(state=state, decided_by=by):
        return
    if remove:
        take_away([message.pk])
    audit.record(actor=by, action="message.decided", target=f"message:{message.pk}", before="reported", after=str(state))


def take_away(ids: list[int]) -> None:
    """Numbers stay, words and files go: from the inbox's lists, too. Needs a transaction."""
    rows = Message.objects.filter(pk__in=ids)
    for message in rows.select_related("conversation"):
        if message.no == message.conversation.last_no:
            Conversation.objects.filter(pk=message.conversation_id).update(last_text="")
    erase_files(MessageFile.objects.filter(message__in=ids))
    rows.filter(removed_at=None).update(source="", html="", removed_at=now())
