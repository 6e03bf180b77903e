"""Notes as cards, in the search, in feeds; and what goes with a person who leaves."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.flows.notes import delete_note
from community.models import Badge, Note, NoteComment, NoteLike, NotePick, NoteReport
from community.note_access import shown_notes
from kit import feeds, persons, searchables, things
from kit.text import plain_text

LONGEST_SUMMARY = 120


def register_all() -> None:
    things.register("note", note_cards)
    searchables.register(
        searchables.Searchable("note", label=_("Notes"), entries=note_entries, all_ids=all_notes, visible=visible_notes)
    )
    feeds.register(feeds.Source("note", shown="note", label=_("Notes"), items=note_items, all_ids=all_notes))
    persons.register("notes", export=export_person, erase=erase_person)


def note_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Published notes. One query."""
    rows = shown_notes().filter(pk__in=_numbers(ids)).select_related("cover")
    return {
        str(row.pk): things.Card(row.title, row.path, plain_text(row.html)[:LONGEST_SUMMARY], picture=row.cover) for row in rows
    }


def note_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    for row in shown_notes().filter(pk__in=_numbers(ids)).prefetch_related("tags"):
        words = [plain_text(row.html), *(f"#{tag.name}" for tag in row.tags.all())]
        yield searchables.Entry(
            ref=f"note:{row.pk}",
            title=row.title,
            text=" ".join(words),
            audience="public",
            url=f"/notes/{row.pk}-{row.slug}/",
            author=row.author_id,
        )


def visible_notes(ids: Sequence[str], request: Any) -> set[str]:
    return {str(pk) for pk in shown_notes().filter(pk__in=_numbers(ids)).values_list("pk", flat=True)}


def note_items(ids: Sequence[str]) -> Iterable[feeds.Item]:
    for row in shown_notes().filter(pk__in=_numbers(ids)).prefetch_related("tags"):
        assert row.published_at is not None
        tags = [tag.name for tag in row.tags.all()]
        yield feeds.Item(ref=f"note:{row.pk}", actor=row.author_id, at=row.published_at, tags=tags)


def all_notes() -> Iterable[int]:
    return Note.objects.order_by("pk").values_list("pk", flat=True).iterator()


def export_person(user: Any) -> dict[str, Any]:
    """Notes with what is tagged in them, comments, likes, badges."""
    notes = Note.objects.filter(author=user).order_by("pk").prefetch_related("tags", "things", "pictures__picture")
    comments = NoteComment.objects.filter(author=user).order_by("pk")
    return {
        "notes": [_exported(note) for note in notes],
        "comments": list(comments.values("note__title", "source", "created_at", "removed_at")),
        "likes": list(NoteLike.objects.filter(user=user).values("note__title", "at")),
        "reports": list(NoteReport.objects.filter(reporter=user).values("note__title", "reason", "at")),
        "badges": list(Badge.objects.filter(user=user).values("kind", "since")),
    }


def _exported(note: Note) -> dict[str, Any]:
    return {
        "title": note.title,
        "source": note.source,
        "tags": [tag.name for tag in note.tags.all()],
        "things": [thing.ref for thing in note.things.all()],
        "pictures": [row.picture.file.url for row in note.pictures.all()],
        "created_at": note.created_at,
        "published_at": note.published_at,
    }


def erase_person(user: Any) -> None:
    """Notes go with their pictures; comments stay for those who answered, by an author without a name."""
    for note in Note.objects.filter(author=user):
        delete_note(note=note)
    for model, whose in ((NoteLike, "user"), (NoteReport, "reporter"), (Badge, "user"), (NotePick, "by")):
        model.objects.filter(**{whose: user}).delete()


def _numbers(ids: Iterable[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
