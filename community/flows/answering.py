"""What a person sets about their answers: hours, words for an absence, canned answers."""

from typing import Any

from django.utils.translation import gettext as _

from community.errors import NotSound
from community.models import AnswerRules, CannedAnswer
from kit.text import strip_controls

MOST_CANNED = 50


def set_answer_rules(*, user: Any, hours: int | None, away_text: str) -> None:
    """Hours from 1 to 720, or None for the site's rule; "" says only the day on which one is back."""
    values = {"hours": hours, "away_text": strip_controls(away_text).strip()[:500]}
    AnswerRules.objects.update_or_create(user=user, defaults=values)


def keep_canned(*, owner: Any, title: str, source: str, pk: int | None = None) -> CannedAnswer:
    """A new canned answer, or other words for one of one's own. Raises NotSound."""
    values = {"title": " ".join(strip_controls(title).split())[:60], "source": strip_controls(source).strip()}
    if not all(values.values()):
        raise NotSound(_("Write something first."))
    if pk is None and CannedAnswer.objects.filter(owner=owner).count() >= MOST_CANNED:
        raise NotSound(_("%(most)d canned answers at most.") % {"most": MOST_CANNED})
    row = CannedAnswer.objects.filter(owner=owner, pk=pk).first() if pk else None
    row = row or CannedAnswer(owner=owner)
    row.title, row.source = values["title"], values["source"]
    row.save()
    return row


def drop_canned(*, owner: Any, pk: int) -> None:
    """Again, or another's: nothing."""
    CannedAnswer.objects.filter(owner=owner, pk=pk).delete()
