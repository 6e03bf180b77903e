"""Files of a course: uploaded by its team, opened through `lesson_access` only."""

from typing import Any

from django.conf import settings
from django.db import transaction

from courses.files import Stored, store
from courses.flows.transcode import transcode
from courses.models import Course, Media
from kit.clock import now


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
