"""Who may see and change a note: a published one everybody; a draft or removed one its author alone; else the same 404."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from community.models import Note, NoteComment


def shown_notes() -> QuerySet[Note]:
    """Notes that everybody may see."""
    return Note.objects.filter(published_at__isnull=False, removed_at=None, author__is_active=True)


def note_for(user: Any, note_id: int) -> Note:
    """A note that the person may see."""
    wanted = Q(published_at__isnull=False, removed_at=None, author__is_active=True) | Q(author=user.pk)
    return _found(Note.objects.filter(wanted, pk=note_id))


def public_note(note_id: int) -> Note:
    return _found(shown_notes().filter(pk=note_id))


def own_note(user: Any, note_id: int) -> Note:
    """One that the person may change: their own, unless it was removed."""
    return _found(Note.objects.filter(pk=note_id, author=user.pk, removed_at=None))


def comment_for(note: Note, comment_id: int) -> NoteComment:
    comment = NoteComment.objects.filter(pk=comment_id, note=note, removed_at=None).select_related("author").first()
    if comment is None:
        raise Http404("no such comment")
    comment.note = note
    return comment


def _found(rows: QuerySet[Note]) -> Note:
    note = rows.select_related("author__profile__portrait", "cover").first()
    if note is None:
        raise Http404("no such note")
    return note
