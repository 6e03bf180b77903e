"""A student's own notes beside a lesson."""

from courses.models import Enrolment, Lesson, Media, Note
from kit.clock import now
from kit.text import strip_controls

MOST_NOTES = 200  # in one lesson


def clean_note(text: str) -> str:
    """Raises ValueError for an empty one."""
    text = strip_controls(text).strip()[:2000]
    if not text:
        raise ValueError("an empty note")
    return text


def write_note(*, enrolment: Enrolment, lesson: Lesson, text: str, media: Media | None = None, second: int | None = None) -> Note:
    """Keep a note, at a second of a recording if one is given. Raises ValueError where it is empty or one too many."""
    text = clean_note(text)
    if Note.objects.filter(enrolment=enrolment, lesson=lesson).count() >= MOST_NOTES:
        raise ValueError("too many notes")
    return Note.objects.create(enrolment=enrolment, lesson=lesson, text=text, media=media, second=second, changed_at=now())


def change_note(*, note: Note, text: str) -> None:
    """Other words for it. Raises ValueError where they are none."""
    Note.objects.filter(pk=note.pk).update(text=clean_note(text), changed_at=now())


def delete_note(*, note: Note) -> None:
    Note.objects.filter(pk=note.pk).delete()
