"""New courses in the feeds of those who follow their teacher."""

from collections.abc import Iterable, Sequence

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CoursePage
from kit import feeds


def register_all() -> None:
    feeds.register(feeds.Source("course", shown="course", label=_("Courses"), items=course_items, all_ids=all_courses))


def course_items(ids: Sequence[str]) -> Iterable[feeds.Item]:
    """Announced courses, new at the moment when their first page was."""
    pages = CoursePage.objects.filter(course__in=ids, live=True).order_by()
    for row in pages.values("course", "course__teacher").annotate(at=Min("first_published_at")):
        if row["at"] is not None:
            yield feeds.Item(ref=f"course:{row['course']}", actor=row["course__teacher"], at=row["at"])


def all_courses() -> Iterable[int]:
    return Course.objects.order_by("pk").values_list("pk", flat=True).iterator()
