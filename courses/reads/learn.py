"""A learner's own page: every course with today's lesson, streak, homework. A fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef

from courses.access import opening_moment
from courses.models import Certificate, CheckIn, CoursePage, Enrolment, Lesson, LessonPage, ProgressEvent, Submission
from courses.reads.language import best, title_in_language
from courses.reads.parcels import sent_for
from kit.clock import local_date, now


@dataclass
class MyCourse:
    """One seat. `lesson` is what to do now (None: all that is open is done), `next_at` when the next one opens.

    `is_sent`: the parcel that it waits for has left.
    """

    seat: Enrolment
    is_sent: bool = False
    page: CoursePage | None = None
    lesson: Lesson | None = None
    next_at: datetime | None = None
    day: int = 0
    done: int = 0
    total: int = 0
    streak: int = 0
    checked_in: bool = False
    certificate: Certificate | None = None
    homework: list[Submission] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        """Day 1 begins when the parcel is delivered."""
        return self.seat.starts_on is None

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.done >= self.total


def my_courses(user: Any) -> list[MyCourse]:
    """The person's live seats, what has something to do today first. Eight queries at most."""
    seats = Enrolment.objects.filter(user=user, state=Enrolment.State.ACTIVE).select_related("cohort__course__teacher")
    mine = {seat.pk: MyCourse(seat) for seat in seats.order_by("-cohort__starts_on", "-pk")}
    if not mine:
        return []
    sent = sent_for(item.seat for item in mine.values())
    for item in mine.values():
        item.is_sent = item.seat.source in sent
    lessons = _lessons_by_course(mine.values())
    events = ProgressEvent.objects.filter(enrolment__in=mine).values_list("enrolment", "lesson", "kind")
    done = {(seat, lesson) for seat, lesson, kind in events if kind == ProgressEvent.Kind.COMPLETED}
    opened = {(seat, lesson) for seat, lesson, _kind in events}
    for item in mine.values():
        item.seat.user = user
        _place(item, lessons.get(item.seat.cohort.course_id, []), done, opened)
    _add_pages(mine.values())
    _add_check_ins(mine, local_date(now(), user.time_zone))
    for row in Submission.objects.filter(enrolment__in=mine).select_related("assignment__lesson__course").order_by("-pk"):
        mine[row.enrolment_id].homework.append(row)
    for certificate in Certificate.objects.filter(enrolment__in=mine, revoked_at=None):
        mine[certificate.enrolment_id].certificate = certificate
    return sorted(mine.values(), key=lambda item: (item.lesson is None, item.finished))


def _lessons_by_course(items: Iterable[MyCourse]) -> dict[int, list[Lesson]]:
    pages = LessonPage.objects.filter(lesson=OuterRef("pk"))
    wanted = {item.seat.cohort.course_id: item.seat.cohort.course for item in items}
    live = LessonPage.objects.filter(live=True).values("lesson")
    found: dict[int, list[Lesson]] = {}
    for lesson in Lesson.objects.filter(course__in=wanted, pk__in=live).annotate(shown_title=title_in_language(pages)):
        lesson.course = wanted[lesson.course_id]
        found.setdefault(lesson.course_id, []).append(lesson)
    return found


def _place(item: MyCourse, lessons: list[Lesson], done: set[tuple[int, int]], opened: set[tuple[int, int]]) -> None:
    """Find today's lesson: the first that is open and not done."""
    seat, moment = item.seat, now()
    item.total = len(lessons)
    item.done = sum((seat.pk, lesson.pk) in done for lesson in lessons)
    if seat.starts_on is not None:
        item.day = max((local_date(moment, seat.user.time_zone) - seat.starts_on).days + 1, 0)
    for lesson in lessons:
        opens = opening_moment(seat, lesson)
        is_open = (seat.pk, lesson.pk) in opened or (opens is not None and opens <= moment)
        if is_open and item.lesson is None and (seat.pk, lesson.pk) not in done:
            item.lesson = lesson
        if not is_open and opens is not None and (item.next_at is None or opens < item.next_at):
            item.next_at = opens


def _add_pages(items: Iterable[MyCourse]) -> None:
    by_course: dict[int, list[CoursePage]] = {}
    wanted = {item.seat.cohort.course_id for item in items}
    for page in CoursePage.objects.filter(course__in=wanted).select_related("cover", "locale"):
        by_course.setdefault(page.course_id, []).append(page)
    for item in items:
        item.page = best(by_course.get(item.seat.cohort.course_id, []))


def _add_check_ins(mine: dict[int, MyCourse], today: date) -> None:
    days: dict[int, set[date]] = {}
    for seat, day in CheckIn.objects.filter(enrolment__in=mine).values_list("enrolment", "day"):
        days.setdefault(seat, set()).add(day)
    for pk, item in mine.items():
        item.checked_in = today in days.get(pk, set())
        item.streak = streak(days.get(pk, set()), today)


def streak(days: set[date], today: date) -> int:
    """Days in a row with a check-in, up to today or, while today's is still to come, up to yesterday."""
    day = today if today in days else today - timedelta(days=1)
    length = 0
    while day in days:
        length, day = length + 1, day - timedelta(days=1)
    return length
