"""Rows by the thousand, and counting queries: what a page asks must not grow with what there is."""

import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from accounts.models import User
from courses.models import Cohort, CoursePage, Enrolment, Lesson, LessonPage, LessonPin
from kit.clock import now


def queries(client: Client, path: str) -> int:
    """How many queries a page asks once the process has kept what it keeps (sites, content types)."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def grow(cohort: Cohort, *, lessons: int = 0, cohorts: int = 0, people: int = 0, pins: bool = False) -> None:
    """Fill a course up: live lessons, classes, learners with seats, pins of every lesson."""
    course = cohort.course
    start = course.lessons.count()
    new = [Lesson(course=course, slug=f"more-{n}", title=f"More {n}", position=n, day=n) for n in range(start + 1, lessons + 1)]
    _insert_pages(CoursePage.objects.get(course=course), Lesson.objects.bulk_create(new))
    dates = {"starts_on": cohort.starts_on, "ends_on": cohort.ends_on}
    Cohort.objects.bulk_create(Cohort(course=course, slug=f"more-{n}", name=f"More {n}", **dates) for n in range(cohorts))
    users = User.objects.bulk_create(User(email=f"crowd{n}@demo.test", name=f"Crowd {n}") for n in range(people))
    seats = [
        Enrolment(user=user, cohort=cohort, source="staff:9", starts_on=cohort.starts_on, created_at=now()) for user in users
    ]
    Enrolment.objects.bulk_create(seats)
    if pins:
        pin = LessonPin.objects.filter(cohort=cohort)[0]
        more = [LessonPin(cohort=cohort, lesson=lesson, locale_id=pin.locale_id, revision_id=pin.revision_id) for lesson in new]
        LessonPin.objects.bulk_create(more)


def _insert_pages(home: CoursePage, lessons: list[Lesson]) -> None:
    """Live lesson pages by SQL, shaped as the last real one: a thousand through Wagtail's tree would take minutes."""
    shape = LessonPage.objects.filter(lesson__course=home.course_id).order_by("-pk")[0]
    names = [field.attname for field in Page._meta.local_concrete_fields if field.attname != "id"]
    columns = ", ".join(f'"{Page._meta.get_field(name).column}"' for name in names)
    rows = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        for number, lesson in enumerate(lessons):
            values = {name: getattr(shape, name) for name in names}
            values |= {"path": f"{home.path}{9000 + number:04d}", "title": lesson.title, "draft_title": lesson.title}
            values |= {"slug": lesson.slug, "translation_key": uuid.uuid4(), "url_path": f"{home.url_path}{lesson.slug}/"}
            values |= {"latest_revision_id": None, "live_revision_id": None}
            cursor.execute(
                f"INSERT INTO wagtailcore_page ({columns}) VALUES ({rows}) RETURNING id", [values[name] for name in names]
            )
            (pk,) = cursor.fetchone()
            cursor.execute(
                "INSERT INTO courses_lessonpage (page_ptr_id, goal, body, lesson_id) VALUES (%s, '', '[]', %s)", [pk, lesson.pk]
            )
