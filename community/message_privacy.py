"""Messages as their own room of a person's data (kit.persons)."""

from typing import Any

from django.db import transaction

from community.flows.blocking import blocks_of, forget_blocks
from community.flows.message_reports import take_away
from community.models import AnswerRules, CannedAnswer, Correspondent, Message, MessageReport


def export_person(user: Any) -> dict[str, Any]:
    """What the person wrote, with its files' names; what others wrote to them is theirs."""
    mine = Message.objects.filter(author=user).order_by("pk")
    return {
        "messages": list(mine.values("conversation", "conversation__about_title", "no", "source", "created_at", "removed_at")),
        "files": list(mine.exclude(files=None).values("conversation", "no", "files__name", "files__size")),
        "read": list(Correspondent.objects.filter(user=user).values("conversation", "read_no")),
        "reports": list(MessageReport.objects.filter(reporter=user).values("message", "reason", "at")),
        "answer_rules": list(AnswerRules.objects.filter(user=user).values("hours", "away_text")),
        "canned_answers": list(CannedAnswer.objects.filter(owner=user).values("title", "source")),
        "blocks": blocks_of(user),
    }


@transaction.atomic
def erase_person(user: Any) -> None:
    """Words and files go, numbers stay: the other one still sees that something stood there."""
    take_away(list(Message.objects.filter(author=user).values_list("pk", flat=True)))
    AnswerRules.objects.filter(user=user).delete()
    CannedAnswer.objects.filter(owner=user).delete()
    MessageReport.objects.filter(reporter=user).delete()
    forget_blocks(user)
