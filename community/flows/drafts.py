"""Drafts: kept while one types, seen on every device, cleared by sending."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.errors import NotSound
from community.models import Draft, Post, Topic
from kit.clock import now
from kit.text import strip_controls

DIVIDER = "\n\n———\n\n"


@dataclass(frozen=True)
class Words:
    """What a form holds: `round` is the state of the draft that it was filled from, `key` what it will be sent with."""

    source: str
    title: str = ""
    kind: str = ""
    answers_no: int | None = None
    round: int = 0
    key: str = ""


@transaction.atomic
def keep_draft(*, owner: Any, place: str, words: Words) -> int:
    """Keep what one has typed at `place`; returns the draft's new round, 0 where there is none.

    What another device kept meanwhile moves to `other`: nothing typed is lost. A form that was sent keeps nothing more.
    Raises NotSound where it is too long to keep.
    """
    source, title = strip_controls(words.source), strip_controls(words.title)
    if len(source) + len(title) > settings.DRAFT_LONGEST:
        raise NotSound(_("This is too long to be kept."))
    draft, _created = Draft.objects.select_for_update().get_or_create(
        owner=owner, place=place, defaults={"updated_at": now(), "round": 0}
    )
    if words.key and Post.objects.filter(author=owner, key=words.key).exists():
        _clear(draft, words.round)
        return 0
    if words.round != draft.round and draft.source.strip() and draft.source not in source:
        draft.other = _joined(draft.other, draft.source)
    if not (source.strip() or title.strip() or draft.other):
        draft.delete()
        return 0
    draft.source, draft.title = source, title
    draft.kind = words.kind if words.kind in Topic.Kind.values else ""
    draft.answers_no, draft.round, draft.updated_at = words.answers_no, draft.round + 1, now()
    draft.save()
    return draft.round


def clear_draft(*, owner: Any, place: str, sent: str = "") -> None:
    """What was written at `place` has been sent. Words of another device that are not in it stay."""
    draft = Draft.objects.select_for_update().filter(owner=owner, place=place).first()
    if draft is None:
        return
    if draft.other and draft.other not in sent:
        draft.source, draft.other, draft.title = draft.other, "", ""
        draft.round, draft.answers_no, draft.updated_at = draft.round + 1, None, now()
        draft.save()
    else:
        draft.delete()


def drop_other(*, owner: Any, place: str) -> None:
    """The words of the other device are not wanted."""
    Draft.objects.filter(owner=owner, place=place).update(other="")


def _clear(draft: Draft, seen: int) -> None:
    """A late call for what was sent meanwhile: a draft begun since stays."""
    if draft.round <= seen and not draft.other:
        draft.delete()


def _joined(first: str, second: str) -> str:
    if not first.strip() or first in second:
        return second
    return first if second in first else f"{first}{DIVIDER}{second}"[-settings.DRAFT_LONGEST :]
