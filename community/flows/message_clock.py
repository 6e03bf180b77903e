"""When an answer is due, and what an absence answers by itself."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community import contacts
from community.models import AnswerRules, Conversation
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.reply_clock import due_after
from notices.flows import language_of


def hours_of(user: Any) -> int:
    """Within how many hours this person answers: their own word, else the site's."""
    rules = AnswerRules.objects.filter(user=user).values_list("hours", flat=True).first()
    return rules or settings.MESSAGE_REPLY_HOURS


def promised_answer(person: Any) -> datetime:
    """By when somebody who is asked now answers; days of their absence do not count."""
    back, today = contacts.away_until(person.pk), local_date(now(), FALLBACK_ZONE)
    off = [(today, back - timedelta(days=1))] if back else []
    return due_after(now(), hours=hours_of(person), zone=FALLBACK_ZONE, off=off)


def answer_by_itself(conversation: Conversation, author: Any) -> str:
    """What the absent answerer's absence says to this message; "" where they are there, or it was said in this absence."""
    if author.pk == conversation.answerer_id:
        return ""
    back = contacts.away_until(conversation.answerer_id)
    if back is None or back == conversation.away_until:
        return ""
    own = AnswerRules.objects.filter(user=conversation.answerer_id).values_list("away_text", flat=True).first() or ""
    with translation.override(language_of(author)):
        values = {"name": conversation.answerer.display_name, "day": date_format(back)}
        said = _("%(name)s is away and back on %(day)s. Your message waits until then.") % values
    return f"{own}\n\n{said}".strip()
