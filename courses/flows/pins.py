"""A cohort learns the revisions it started with; the teacher chooses when to move it."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.models import Cohort, LessonPage, LessonPin
from kit.clock import local_date, now


@transaction.atomic
def pin_lessons(*, cohort: Cohort, move: bool = False) -> int:
    """Pin what is published now, per lesson and language. Existing pins stay, unless `move` takes them to today's text.

    Returns how many pins were made or moved. Lessons published later are read as published until they are pinned.
    """
    pages = LessonPage.objects.filter(lesson__course=cohort.course_id, live=True, live_revision__isnull=False)
    pins = [
        LessonPin(cohort=cohort, lesson_id=lesson, locale_id=locale, revision_id=revision)
        for lesson, locale, revision in pages.order_by("pk").values_list("lesson", "locale", "live_revision")
    ]
    if move:
        unique = ["cohort", "lesson", "locale"]
        return len(LessonPin.objects.bulk_create(pins, update_conflicts=True, unique_fields=unique, update_fields=["revision"]))
    before = cohort.pins.count()
    LessonPin.objects.bulk_create(pins, ignore_conflicts=True)
    return cohort.pins.count() - before


def pin_started_cohorts() -> None:
    """Pin every cohort whose first day has come and that has no pins yet. For the beat task."""
    unpinned = Cohort.objects.filter(~Exists(LessonPin.objects.filter(cohort=OuterRef("pk"))))
    for cohort in unpinned.order_by("pk"):
        if cohort.starts_on <= local_date(now(), cohort.time_zone):
            pin_lessons(cohort=cohort)
