"""Courses let graduates and classes into spaces (community.ways)."""

from collections.abc import Mapping
from typing import Any

from community import ways
from courses.models import Certificate, Cohort, Course, Enrolment
from courses.permissions import Can, taught_courses

LONGEST_ID = 18


def register_all() -> None:
    ways.register("course", ways.Credential(given=_certificate, names=_titles, choices=_courses))
    ways.register("cohort", ways.Credential(given=_seat, names=_classes, choices=_own_classes))


def _certificate(user: Any, ident: str) -> str:
    """A certificate that holds, of a seat that holds."""
    seats = Enrolment.objects.filter(user=user, cohort__course__in=_ids([ident]), state=Enrolment.State.ACTIVE)
    rows = Certificate.objects.filter(enrolment__in=seats, revoked_at=None)
    found = rows.order_by("pk").values_list("pk", flat=True).first()
    return f"certificate:{found}" if found else ""


def _seat(user: Any, ident: str) -> str:
    rows = Enrolment.objects.filter(user=user, cohort__in=_ids([ident]), state=Enrolment.State.ACTIVE)
    found = rows.order_by("pk").values_list("pk", flat=True).first()
    return f"enrolment:{found}" if found else ""


def _titles(ids: list[str]) -> Mapping[str, str]:
    return {str(pk): title for pk, title in Course.objects.filter(pk__in=_ids(ids)).values_list("pk", "title")}


def _classes(ids: list[str]) -> Mapping[str, str]:
    rows = Cohort.objects.filter(pk__in=_ids(ids)).values_list("pk", "course__title", "name")
    return {str(pk): f"{title} · {name}" for pk, title, name in rows}


def _courses(user: Any) -> Mapping[str, str]:
    return {str(course.pk): course.title for course in taught_courses(user, Can.OPEN_CLASS).order_by("title", "pk")}


def _own_classes(user: Any) -> Mapping[str, str]:
    rows = Cohort.objects.filter(course__in=taught_courses(user, Can.OPEN_CLASS)).select_related("course").order_by("-pk")
    return {str(cohort.pk): f"{cohort.course.title} · {cohort.name}" for cohort in rows}


def _ids(ids: list[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdecimal() and len(ident) <= LONGEST_ID]
