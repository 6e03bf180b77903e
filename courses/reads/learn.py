"""A learner's own page: every course with today's lesson, streak, homework. A fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from courses.access import seat_access, with_published
from courses.calendar import streak
from courses.models import (
    Certificate,
    CheckIn,
    CoursePage,
    Enrolment,
    Lesson,
    LessonPage,
    LiveSession,
    ProgressEvent,
    Reminder,
    Submission,
)
from courses.reads.check_ins import missed_days
from courses.reads.days_off import seat_calendar, with_days_off
from courses.reads.due import due_of
from courses.reads.language import best, title_in_language
from courses.reads.live import next_sessions
from courses.reads.parcels import sent_for
from courses.unlock_words import closed_in_words
from kit.clock import local_date, now
from kit.prepared import Given, GivenAll, prepared
from notices.gates import open_among
from notices.models import Notice

ANSWERS = ("homework", "community.post", "community.accepted")
MOST_NEWS = 6


@dataclass
class MyCourse:
    """One seat. `lesson` is what to do now (None: all that is open is done), `next_at` when the next one opens;
    `next_needs` is the first lesson that waits for the learner's own work. `rests_today`: the rest day's name, where today
    is one.

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
    rests_today: str | None = None
    rests_next: tuple[date, str] | None = None
    live: LiveSession | None = None
    next_needs: Lesson | None = None
    next_needs_words: str = ""
    homework: list[Submission] = field(default_factory=list)
    due: list[tuple[Lesson, date | None]] = field(default_factory=list)  # open homework and the day it is wanted
    missed: list[date] = field(default_factory=list)
    cards: int = 0  # make-up cards left

    @property
    def waits(self) -> bool:
        """Day 1 begins when the parcel is delivered."""
        return self.seat.starts_on is None

    @property
    def off(self) -> tuple[tuple[date, date | None], ...]:
        """The learner's days off, as `courses.calendar` takes them."""
        return () if self.seat.starts_on is None else seat_calendar(self.seat).spans[-1].off

    @property
    def paused(self) -> bool:
        """The learner is away."""
        return any(row["last"] is None for row in self.seat.absences)  # type: ignore[attr-defined]

    @property
    def rest_days(self) -> list[tuple[date, str]]:
        """The class's rest days with their names, in order."""
        return [(date.fromisoformat(row["first"]), row["name"]) for row in self.seat.rests]  # type: ignore[attr-defined]

    def rest_on(self, day: date) -> str | None:
        """The name of the class's rest day on that date ('' without one); None where it is none."""
        return next((name for rest, name in self.rest_days if rest == day), None)

    def next_rest(self, today: date) -> tuple[date, str] | None:
        """The next rest day to come."""
        return next(((day, name) for day, name in self.rest_days if day > today), None)

    @property
    def finished(self) -> bool:
        return self.total > 0 and self.done >= self.total


def my_courses(user: Any) -> list[MyCourse]:
    """The person's live seats, what has something to do today first. Nine queries at most."""
    mine = {seat.pk: MyCourse(seat, certificate=_valid_certificate(seat)) for seat in _seats(user=user.pk)}
    if not mine:
        return []
    sent = sent_for(item.seat for item in mine.values())
    for item in mine.values():
        item.is_sent = item.seat.source in sent
    lessons = _lessons_by_course(mine.values())
    for row in _work(seats=mine):
        mine[row.enrolment_id].homework.append(row)
    events = ProgressEvent.objects.filter(enrolment__in=mine).values("enrolment", "lesson", "kind", "at")
    _remember(mine, events)
    for item in mine.values():
        item.seat.user = user
        _place(item, lessons.get(item.seat.cohort.course_id, []))
    _add_pages(mine.values())
    coming = next_sessions(item.seat.cohort_id for item in mine.values())
    for item in mine.values():
        item.live = coming.get(item.seat.cohort_id)
    _add_check_ins(mine.values(), local_date(now(), user.time_zone))
    return sorted(mine.values(), key=lambda item: (item.lesson is None, item.finished))


@prepared
def _seats() -> QuerySet[Enrolment]:
    seats = Enrolment.objects.filter(user=Given("user"), state=Enrolment.State.ACTIVE)
    rows = with_days_off(seats.select_related("cohort__course__teacher", "certificate"))
    days = CheckIn.objects.filter(enrolment=OuterRef("pk")).order_by("day")
    return rows.order_by("-cohort__starts_on", "-pk").annotate(
        checked=ArraySubquery(days.values(json=JSONObject(day="day", by_card="by_card"))),
        reminded=Exists(Reminder.objects.filter(user=OuterRef("user"))),
    )


def _valid_certificate(seat: Enrolment) -> Certificate | None:
    found: Certificate | None = getattr(seat, "certificate", None)
    return found if found and found.revoked_at is None else None


@prepared
def _work() -> QuerySet[Submission]:
    rows = Submission.objects.filter(enrolment__in=GivenAll("seats"))
    return rows.select_related("assignment__lesson__course", "review").order_by("-pk")


def _lessons_by_course(items: Iterable[MyCourse]) -> dict[int, list[Lesson]]:
    wanted = {item.seat.cohort.course_id: item.seat.cohort.course for item in items}
    found: dict[int, list[Lesson]] = {}
    for lesson in _lessons(courses=wanted, language=get_language()):
        lesson.course = wanted[lesson.course_id]
        found.setdefault(lesson.course_id, []).append(lesson)
    return found


@prepared
def _lessons() -> QuerySet[Lesson]:
    live = LessonPage.objects.filter(live=True).values("lesson")
    rows = with_published(Lesson.objects.filter(course__in=GivenAll("courses"), pk__in=live)).select_related("assignment")
    title = title_in_language(LessonPage.objects.filter(lesson=OuterRef("pk")), Given("language"))
    return rows.annotate(shown_title=title)


def _remember(mine: dict[int, MyCourse], events: Iterable[dict[str, Any]]) -> None:
    """What `courses.access` decides by: each seat's record and its accepted homework."""
    for item in mine.values():
        accepted = [work for work in item.homework if work.state == Submission.State.ACCEPTED]
        item.seat.events = []  # type: ignore[attr-defined]
        item.seat.accepted = [  # type: ignore[attr-defined]
            {"lesson": work.assignment.lesson_id, "at": work.review.at} for work in accepted if hasattr(work, "review")
        ]
    for event in events:
        mine[event["enrolment"]].seat.events.append(event)  # type: ignore[attr-defined]


def _place(item: MyCourse, lessons: list[Lesson]) -> None:
    """Find today's lesson: the first that is open and not done; and what opens next."""
    seat = item.seat
    item.total = len(lessons)
    if seat.starts_on is not None:
        item.day = seat_calendar(seat).number(local_date(now(), seat.user.time_zone))
    item.rests_today = item.rest_on(local_date(now(), seat.user.time_zone))
    item.rests_next = item.next_rest(local_date(now(), seat.user.time_zone))
    for lesson in lessons:
        access = seat_access(seat, lesson)
        item.done += access.completed
        if access.granted and hasattr(lesson, "assignment") and not _is_handed_in(item, lesson):
            item.due.append((lesson, due_of(seat, lesson)))
        if access.granted and item.lesson is None and not access.completed:
            item.lesson = lesson
        if access.why in ("needs_previous", "needs_homework") and item.next_needs is None:
            item.next_needs, item.next_needs_words = lesson, closed_in_words(lesson, access)
        if not access.granted and access.opens_at is not None and (item.next_at is None or access.opens_at < item.next_at):
            item.next_at = access.opens_at


def _is_handed_in(item: MyCourse, lesson: Lesson) -> bool:
    """It waits for an answer or was accepted; what came back is wanted again."""
    tries = [work for work in item.homework if work.assignment.lesson_id == lesson.pk]
    return any(work.state != Submission.State.RETURNED for work in tries)


def answered(user: Any, courses: Iterable[MyCourse]) -> list[Notice]:
    """What teachers and classmates answered since the person last looked, newest first; nothing of a class or space that
    is closed to them now. Two queries at most.
    """
    rows = Notice.objects.filter(user=user, read_at=None, kind__in=ANSWERS).order_by("-created_at", "-pk")
    found = list(rows[: 2 * MOST_NEWS])
    mine = {item.seat.cohort.seat_ref for item in courses}
    elsewhere = open_among({notice.gate for notice in found if not notice.gate.startswith("cohort:")}, user)
    return [notice for notice in found if notice.gate in mine | elsewhere][:MOST_NEWS]


def _add_pages(items: Iterable[MyCourse]) -> None:
    by_course: dict[int, list[CoursePage]] = {}
    wanted = {item.seat.cohort.course_id for item in items}
    for page in CoursePage.objects.filter(course__in=wanted).select_related("cover", "locale"):
        by_course.setdefault(page.course_id, []).append(page)
    for item in items:
        item.page = best(by_course.get(item.seat.cohort.course_id, []))


def _add_check_ins(items: Iterable[MyCourse], today: date) -> None:
    for item in items:
        rows = item.seat.checked  # type: ignore[attr-defined]
        done = {date.fromisoformat(row["day"]) for row in rows}
        item.checked_in = today in done
        item.streak = streak(done, today, item.off)
        item.cards = max(0, item.seat.cohort.make_up_cards - sum(row["by_card"] for row in rows))
        item.missed = missed_days(item.seat, done) if item.cards else []
