"""The catalogue and a course's landing page. A fixed number of queries, whatever there is to show."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from courses.access import LessonAccess, course_access, with_published
from courses.models import Cohort, Course, CoursePage, Lesson, LessonPage
from courses.permissions import with_ties
from courses.reads.language import best, title_in_language
from courses.unlock_words import closed_in_words
from kit.clock import local_date, now
from stock.models import StockItem


def announced_courses() -> list[CoursePage]:
    """The landing page of every course that is announced, in the reader's language, newest course first. One query."""
    variants: dict[int, list[CoursePage]] = {}
    for page in _live_pages():
        variants.setdefault(page.course_id, []).append(page)
    pages = [page for page in (best(group) for group in variants.values()) if page is not None]
    return sorted(pages, key=lambda page: -page.course_id)


def _live_pages() -> QuerySet[CoursePage]:
    return (
        CoursePage.objects.filter(live=True)
        .select_related("course__teacher__profile__portrait", "cover", "locale")
        .defer("course__teacher__password")
    )


def landing_variants(slug: str, user: Any) -> list[CoursePage]:
    """The live landing pages of one course, one a language, knowing the person's ties to the course. One query."""
    return list(with_ties(_live_pages().filter(course__slug=slug), user))


@dataclass
class SyllabusRow:
    """A lesson as the outline shows it. state: done | today | open | preview | locked."""

    lesson: Lesson
    title: str
    state: str
    opens_at: datetime | None = None
    note: str = ""


@dataclass
class Chapter:
    """A module with its lessons; `title` is '' where the course has none."""

    title: str
    rows: list[SyllabusRow] = field(default_factory=list)


def syllabus(course: Course, user: Any) -> list[Chapter]:
    """The published lessons in order with what is open to this person. Titles only, never text. Two queries at most."""
    titles = title_in_language(LessonPage.objects.filter(lesson=OuterRef("pk")))
    lessons = list(with_published(Lesson.objects.filter(course=course)).select_related("module").annotate(shown_title=titles))
    for lesson in lessons:
        lesson.course = course
    listed = [lesson for lesson in lessons if lesson.is_published]  # type: ignore[attr-defined]
    access = course_access(user, course, listed)
    today = next((row.pk for row in listed if access[row.pk].why == "open" and not access[row.pk].completed), None)
    chapters: list[Chapter] = []
    for lesson in listed:
        title = lesson.module.title if lesson.module else ""
        if not chapters or chapters[-1].title != title:
            chapters.append(Chapter(title))
        state = _state(lesson, access[lesson.pk], today)
        row = SyllabusRow(lesson, lesson.shown_title, state, access[lesson.pk].opens_at)  # type: ignore[attr-defined]
        row.note = closed_in_words(lesson, access[lesson.pk]) if state == "locked" else ""
        chapters[-1].rows.append(row)
    return chapters


def _state(lesson: Lesson, access: LessonAccess, today: int | None) -> str:
    if not access.granted:
        return "locked"
    if access.completed:
        return "done"
    if access.why == "preview":
        return "preview"
    return "today" if lesson.pk == today else "open"


def open_cohorts(course: Course) -> list[Cohort]:
    """Classes that one can still join or that run now, each with `seats` and `free` seats. One query."""
    ref = Concat(Value("cohort:"), Cast(OuterRef("pk"), CharField()))
    stock = StockItem.objects.filter(ref=ref)
    rows = Cohort.objects.filter(course=course).annotate(
        seats=Subquery(stock.values("on_hand")[:1]),
        free=Subquery(stock.values(left=F("on_hand") - F("allocated") - F("reserved"))[:1]),
    )
    return [cohort for cohort in rows if local_date(now(), cohort.time_zone) <= cohort.ends_on]


def outcomes(page: CoursePage) -> list[str]:
    """What one can do afterwards, line by line."""
    return [line.strip() for line in page.outcomes.splitlines() if line.strip()]


def lessons_by_course(courses: list[int]) -> dict[int, int]:
    """How many published lessons each course has. One query."""
    rows = LessonPage.objects.filter(live=True, lesson__course__in=courses).values_list("lesson__course")
    return dict(rows.annotate(n=Count("lesson", distinct=True)).order_by())
