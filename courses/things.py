"""Courses, lessons and cohorts as cards for other rooms, and the gate of what is told about a class."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import OuterRef, Q
from django.urls import reverse

from courses.access import cohort_gate, with_published
from courses.models import Cohort, CoursePage, Lesson, LessonPage
from courses.reads.catalogue import announced_courses
from courses.reads.language import best, title_in_language
from kit import things
from notices import gates

MOST_CHOICES = 200


def register_all() -> None:
    things.register("course", course_cards, course_choices)
    things.register("lesson", lesson_cards, lesson_choices)
    things.register("cohort", cohort_cards)
    gates.register("cohort", cohort_gate)


def course_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Announced courses."""
    groups: dict[int, list[CoursePage]] = {}
    for page in CoursePage.objects.filter(live=True, course__in=_numbers(ids)).select_related("course", "locale", "cover"):
        groups.setdefault(page.course_id, []).append(page)
    pages = [page for page in map(best, groups.values()) if page is not None]
    return {
        str(page.course_id): things.Card(
            page.title, reverse("courses:landing", args=[page.course.slug]), page.tagline, picture=page.cover
        )
        for page in pages
    }


def lesson_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Published lessons of announced courses: title and address, which are on the landing page too; never text."""
    titles = title_in_language(LessonPage.objects.filter(lesson=OuterRef("pk")))
    rows = with_published(Lesson.objects.filter(pk__in=_numbers(ids))).filter(is_published=True, is_announced=True)
    return {
        str(row.pk): things.Card(row.shown_title, reverse("courses:lesson", args=[row.course.slug, row.slug]), row.course.title)
        for row in rows.select_related("course").annotate(shown_title=titles)
    }


def course_choices(request: Any) -> Mapping[str, things.Card]:
    """Every announced course, by id: what anybody may recommend."""
    return {
        str(page.course_id): things.Card(page.title, reverse("courses:landing", args=[page.course.slug]), page.tagline)
        for page in announced_courses()[:MOST_CHOICES]
    }


def lesson_choices(request: Any) -> Mapping[str, things.Card]:
    """Lessons of the courses that the person has or had a seat in, or teaches, by id."""
    mine = Q(course__cohorts__enrolments__user=request.user.pk) | Q(course__teacher=request.user.pk)
    ids = Lesson.objects.filter(mine).order_by("course", "position").values_list("pk", flat=True).distinct()
    return lesson_cards([str(pk) for pk in ids[:MOST_CHOICES]], request)


def cohort_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    """Classes of announced courses, leading to the course."""
    announced = CoursePage.objects.filter(live=True).values("course")
    rows = Cohort.objects.filter(pk__in=_numbers(ids), course__in=announced).select_related("course")
    return {
        str(row.pk): things.Card(row.name, reverse("courses:landing", args=[row.course.slug]), row.course.title, data=row)
        for row in rows
    }


def _numbers(ids: Sequence[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdigit()]
