"""Clicks from notes: stored before the redirect leaves, where the note's author may earn by them."""

from typing import Any
from uuid import UUID

from kit.clock import now
from shop.referrals.models import Agreement, NoteClick


def record_note_click(*, note: int, ref: str, visitor: UUID, user: Any) -> bool:
    """Store it and say so; nothing is stored of a note whose author has no agreement in force, nor of the author's own."""
    agreed = Agreement.objects.filter(ended_at=None, user__notes=note, user__notes__removed_at=None)
    known = user.pk if user.is_authenticated else None
    if not agreed.exclude(user=known).exists():
        return False
    NoteClick.objects.create(note_id=note, ref=ref, visitor=visitor, at=now(), user_id=known)
    return True


def bind_note_visitor(*, user: Any, visitor: UUID) -> None:
    """Tie what this browser clicked in notes to the account."""
    NoteClick.objects.filter(visitor=visitor, user=None).update(user=user)
