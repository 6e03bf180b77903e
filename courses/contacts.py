"""Who is there to be asked about courses: teachers and their teams (community.contacts)."""

from collections.abc import Collection
from typing import Any

from community import contacts
from courses.models import Course, CoursePage, TeamMember


def register_all() -> None:
    contacts.register_office(teachers_among)
    contacts.register_answerer("course", teacher_of)


def teachers_among(ids: Collection[int]) -> set[int]:
    """Those who teach an announced course or are on its team."""
    announced = CoursePage.objects.filter(live=True).values("course")
    teach = Course.objects.filter(teacher__in=ids, pk__in=announced).values_list("teacher", flat=True)
    help_out = TeamMember.objects.filter(user__in=ids, course__in=announced).values_list("user", flat=True)
    return {*teach, *help_out}


def teacher_of(ident: str, user: Any) -> int | None:
    """Who answers for the course, where it is announced."""
    if not ident.isdecimal():
        return None
    rows = Course.objects.filter(pk=ident, pk__in=CoursePage.objects.filter(live=True).values("course"))
    return rows.values_list("teacher", flat=True).first()
