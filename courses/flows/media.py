"""Files of a course: uploaded by its team, opened through `lesson_access` only."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from courses.captions import read_cues
from courses.files import Stored, store
from courses.flows.transcode import transcode
from courses.models import Course, Media
from courses.searching import course_changed
from kit.clock import now
from kit.locks import lock_rows


def add_media(*, course: Course, file: Any, title: str) -> Media:
    """Put a recording, film, picture or PDF into the course's private files. Raises FileRefused.

    Film and sound are then made playable everywhere; the course's teacher is told.
    """
    stored = store(file=file, folder=f"courses/{course.pk}", limit=settings.MEDIA_MAX_BYTES)
    return add_stored(course=course, stored=stored, title=title)


@transaction.atomic
def add_stored(*, course: Course, stored: Stored, title: str) -> Media:
    """A row for what lies in the private bucket already; film and sound go to the worker."""
    item = Media.objects.create(
        course=course,
        title=title[:160],
        kind=stored.kind,
        key=stored.key,
        content_type=stored.content_type,
        size=stored.size,
        width=stored.width,
        height=stored.height,
        created_at=now(),
    )
    transcode(source=item.key, content_type=item.content_type, course=course, owner=course.teacher)
    return item


def save_captions(*, media: Media, sources: Mapping[str, str]) -> None:
    """Replace the captions of these languages ({language: WebVTT}; an empty text takes them away). Raises CaptionsRefused.

    The lessons of the course are searched anew: what is said is found by whom may hear it.
    """
    read = {language: read_cues(source) for language, source in sources.items()}
    with transaction.atomic():
        row: Media = lock_rows(Media.objects.all(), [media.pk])[media.pk]
        row.captions = {language: cues for language, cues in {**row.captions, **read}.items() if cues}
        row.save(update_fields=["captions"])
        course_changed(row.course_id)
