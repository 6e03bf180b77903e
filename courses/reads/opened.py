"""How much of a course was opened with a seat."""

from typing import Any

from courses.models import Lesson, ProgressEvent


def lessons_opened(*, source: str, cohort: Any) -> tuple[int, int]:
    """(opened, all) lessons behind the seats that `source` (such as `order:17`) gave in a cohort; free previews do not count.

    Two queries.
    """
    lessons = Lesson.objects.filter(course=cohort.course_id, is_preview=False)
    events = ProgressEvent.objects.filter(
        enrolment__source=source, enrolment__cohort=cohort, kind=ProgressEvent.Kind.OPENED, lesson__in=lessons
    )
    return events.values("lesson").distinct().count(), lessons.count()
