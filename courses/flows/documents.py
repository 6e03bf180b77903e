"""A Word or Markdown file becomes lessons of a course: kept, looked at, then added as drafts."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from courses.cartridge.html import Block
from courses.documents import Document, Section, read_document, sections
from courses.files import FileRefused, store
from courses.flows.authoring import LessonDraft, add_lessons
from courses.flows.cartridge import stored_together
from courses.flows.media import add_stored
from courses.models import Course, Lesson, Media, UploadedDocument
from kit.clock import now
from kit.locks import lock_rows
from kit.storage import PrivateStorage, new_key
from kit.text import strip_controls

KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Added:
    """Lessons that were added, and what of the document could not be taken, in words."""

    lessons: Sequence[Lesson]
    lost: Sequence[str]


def keep_document(*, course: Course, author: Any, file: Any) -> UploadedDocument:
    """Keep a file that holds lessons until it is added or dropped. Raises DocumentRefused (nothing is kept), StorageFault."""
    sections(read_document(file, file.name))
    file.seek(0)
    key = PrivateStorage().save(new_key("documents", "x.bin"), file)
    name = strip_controls(file.name)[-160:]
    return UploadedDocument.objects.create(course=course, author=author, name=name, key=key, created_at=now())


def document_of(row: UploadedDocument) -> Document:
    """What stands in it. Raises StorageFault."""
    with tempfile.TemporaryFile() as copy:
        PrivateStorage().fetch(row.key, copy)
        return read_document(copy, row.name)


def add_document(*, row: UploadedDocument, level: int = 0) -> Added:
    """Its lessons as drafts behind those that the course has, one a day; pressed twice, they are added once (none then).

    `level`: which headings begin a lesson, 0 for the likely one. Raises DocumentRefused, StorageFault; nothing is added then.
    """
    with stored_together() as keys, transaction.atomic():
        kept = lock_rows(UploadedDocument.objects.all(), [row.pk]).get(row.pk)
        if kept is None:
            return Added([], [])
        document = document_of(kept)
        found = sections(document, level)
        media = _store_pictures(kept.course, document, found, keys)
        last = kept.course.lessons.aggregate(last=Max("position"))["last"] or 0
        drafts = [
            LessonDraft(
                title=one.title or _("Untitled"),
                module=one.module,
                body=_with_media(one.blocks, media),
                day=min(last + number, kept.course.days),
            )
            for number, one in enumerate(found, 1)
        ]
        lessons = add_lessons(course=kept.course, lessons=drafts)
        kept.delete()
    PrivateStorage().delete(kept.key)
    return Added(lessons, document.lost)


def drop_document(*, row: UploadedDocument) -> None:
    """It shall not become lessons. Raises StorageFault; then it is still there."""
    PrivateStorage().delete(row.key)
    row.delete()


def sweep_documents() -> None:
    """What nobody has decided about for a day is dropped."""
    for row in UploadedDocument.objects.filter(created_at__lt=now() - KEPT)[:100]:
        drop_document(row=row)


def _store_pictures(course: Course, document: Document, found: Sequence[Section], keys: list[str]) -> dict[str, Media]:
    """Pictures that lessons show, as files of the course; what is no picture that we take is told in `document.lost`."""
    wanted = {block["value"]["file"]: block["value"]["caption"] for one in found for block in one.blocks if _is_picture(block)}
    made = {}
    for name, caption in wanted.items():
        try:
            file = ContentFile(document.pictures[name], name=name)
            stored = store(
                file=file, folder=f"courses/{course.pk}", limit=settings.MEDIA_MAX_BYTES, kinds=[str(Media.Kind.IMAGE)]
            )
        except FileRefused as error:
            document.lost.append(str(error))
            continue
        keys.append(stored.key)
        made[name] = add_stored(course=course, stored=stored, title=caption or document.name)
    return made


def _is_picture(block: Block) -> bool:
    return bool(block["type"] == "media")


def _with_media(blocks: Sequence[Block], media: dict[str, Media]) -> list[Block]:
    """Blocks with the files of the course in place of the document's names; pictures that were not taken are left out."""
    return [
        {"type": "media", "value": {"media": media[block["value"]["file"]].pk, "caption": block["value"]["caption"]}}
        if _is_picture(block)
        else block
        for block in blocks
        if not _is_picture(block) or block["value"]["file"] in media
    ]
