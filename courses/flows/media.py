"""Files of a course: uploaded by its team, opened through `lesson_access` only."""

from typing import Any

from django.conf import settings

from courses.files import store
from courses.models import Course, Media
from kit.clock import now


def add_media(*, course: Course, file: Any, title: str) -> Media:
    """Put a recording, film, picture or PDF into the course's private files. Raises FileRefused."""
    stored = store(file=file, folder=f"courses/{course.pk}", limit=settings.MEDIA_MAX_BYTES)
    return Media.objects.create(
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
