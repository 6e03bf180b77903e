"""Who may open what in a course. `lesson_access` is THE one decision on paid text, media, search and feeds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, JSONField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404

from courses.models import (
    Assignment,
    Cohort,
    Course,
    CoursePage,
    Enrolment,
    Lesson,
    LessonPage,
    ProgressEvent,
    Submission,
)
from courses.permissions import Can, teaches
from courses.reads.days_off import seat_calendar, with_days_off
from kit.clock import now
from kit.prepared import Given, GivenAll, prepared

BY_ONES_OWN_WORK = (Lesson.Unlock.PREVIOUS, Lesson.Unlock.HOMEWORK)
AskSeats = Callable[[Any, Course, Iterable[Lesson]], list[Enrolment]]


@dataclass(frozen=True)
class LessonAccess:
    """A decision. `why`: preview, team, open, opened (stays open) — or anonymous, no_seat, waiting (for the kit),
    too_early, needs_previous, needs_homework (`needed_lesson` says of which), paused, unpublished. `enrolment` is the
    seat it rests on, also where a preview or a team member has one.
    """

    granted: bool
    why: str
    opens_at: datetime | None = None
    enrolment: Enrolment | None = None
    opened: bool = False
    completed: bool = False


def lesson_access(user: Any, lesson: Lesson, *, seats: AskSeats | None = None) -> LessonAccess:
    """May this person have this lesson's text, media and transcript now?

    Defends paid content (SAFETY.md): every route to a lesson asks this and nothing else. At most four queries.
    `seats` may stand in for `seats_with_progress` where the caller shows more of them.
    """
    return course_access(user, lesson.course, [lesson], seats=seats)[lesson.pk]


def course_access(
    user: Any, course: Course, lessons: Sequence[Lesson], *, seats: AskSeats | None = None
) -> dict[int, LessonAccess]:
    """The same decision for many lessons of one course, by lesson id, in as many queries as for one.

    A course read by `with_ties` already knows whether the person has a seat or a role, which saves two of them.
    """
    known = _with_published(lessons)
    has_seat = user.is_authenticated and getattr(course, "has_seat", True)
    own = (seats or seats_with_progress)(user, course, known) if has_seat else []
    found = {lesson.pk: _decide(user, lesson, own) for lesson in known}
    if all(access.granted for access in found.values()) or not teaches(user, course):
        return found
    return {pk: access if access.granted else _for_team(access) for pk, access in found.items()}


def _for_team(access: LessonAccess) -> LessonAccess:
    return LessonAccess(True, "team", None, access.enrolment, access.opened, access.completed)


def _decide(user: Any, lesson: Any, seats: list[Enrolment]) -> LessonAccess:
    """`lesson` knows is_published and is_announced: a free preview of a course not yet announced is nobody's."""
    if not lesson.is_published or not (seats or lesson.is_announced):
        return LessonAccess(False, "unpublished", None, seats[0] if seats else None)
    choices = [_through(seat, lesson) for seat in seats]
    best = min(choices, key=_preference, default=None)
    if best is not None and (best.granted or not lesson.is_preview):
        return best
    if lesson.is_preview:
        return LessonAccess(
            True, "preview", None, best.enrolment if best else None, bool(best and best.opened), bool(best and best.completed)
        )
    return LessonAccess(False, "no_seat" if user.is_authenticated else "anonymous")


def _preference(access: LessonAccess) -> tuple[bool, bool, float]:
    """Granted first, then what opens soonest, then what waits for a parcel."""
    return not access.granted, access.opens_at is None, access.opens_at.timestamp() if access.opens_at else 0.0


def _through(seat: Enrolment, lesson: Lesson) -> LessonAccess:
    kinds = {event["kind"] for event in seat.events if event["lesson"] == lesson.pk}  # type: ignore[attr-defined]
    opened, completed = bool(kinds), ProgressEvent.Kind.COMPLETED in kinds
    moment = opening_moment(seat, lesson)
    if moment is not None and moment <= now():
        return LessonAccess(True, "open", moment, seat, opened, completed)
    if opened:
        return LessonAccess(True, "opened", moment, seat, opened, completed)
    return LessonAccess(False, _still_closed(seat, lesson, moment), moment, seat)


seat_access = _through  # for lists of one's own seats that know `events` and `accepted`: the same decision


def _still_closed(seat: Enrolment, lesson: Lesson, moment: datetime | None) -> str:
    if moment is not None:
        return "too_early"
    if seat.starts_on is None:
        return "waiting"
    needs = needed_lesson(lesson)
    return f"needs_{lesson.unlock}" if needs and _met_at(seat, lesson, needs) is None else "paused"


def opening_moment(seat: Enrolment, lesson: Lesson) -> datetime | None:
    """When the lesson's rule opens it to this seat, in UTC: the first instant of a local day, or the moment when what it
    waits for was done. None while that is unknown: the kit is on its way, the learner is away, or has not done it yet.

    What had opened before a flight, a rest day or a pause keeps the moment at which it opened (courses.calendar).
    """
    if seat.starts_on is None:
        return None
    if lesson.unlock == Lesson.Unlock.DAY:
        return seat_calendar(seat).opens(lambda span: span.begins(span.day(lesson.day)))
    if lesson.unlock == Lesson.Unlock.DATE and lesson.opens_on:
        day = lesson.opens_on
        return seat_calendar(seat).opens(lambda span: span.begins(span.on_or_after(day)))
    needs = needed_lesson(lesson)
    if needs is None:  # nothing comes before it
        return seat_calendar(seat).opens(lambda span: span.begins(span.day(1)))
    met = _met_at(seat, lesson, needs)
    return None if met is None else seat_calendar(seat).opens(lambda span: span.not_before(met))


def needed_lesson(lesson: Lesson) -> dict[str, Any] | None:
    """{id, slug, title, position, asks} of the lesson whose end, or whose homework, opens this one; None without such a rule.

    `asks`: it has homework. The lesson must come from `with_published`.
    """
    return getattr(lesson, "needs", None) if lesson.unlock in BY_ONES_OWN_WORK else None


def _met_at(seat: Enrolment, lesson: Lesson, needs: dict[str, Any]) -> datetime | None:
    """When the learner did what the lesson waits for. Without homework to accept, finishing that lesson is enough."""
    if lesson.unlock == Lesson.Unlock.HOMEWORK and needs["asks"]:
        accepted = {row["lesson"]: row["at"] for row in seat.accepted}  # type: ignore[attr-defined]
        return moment_of(accepted.get(needs["id"]))
    done = [
        event["at"]
        for event in seat.events  # type: ignore[attr-defined]
        if event["lesson"] == needs["id"] and event["kind"] == ProgressEvent.Kind.COMPLETED
    ]
    return moment_of(done[0]) if done else None


def moment_of(value: Any) -> datetime | None:
    """A moment that the database said, or wrote into JSON."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def seats_with_progress(user: Any, course: Course, lessons: Iterable[Lesson]) -> list[Enrolment]:
    """A person's live seats in a course, each with what `live_seats` adds of these lessons and those they wait for. One query."""
    return of_learner(user, _seats_with_progress(user=user.pk, course=course.pk, lessons=ids_with_needed(lessons)))


def ids_with_needed(lessons: Iterable[Lesson]) -> list[int]:
    """Ids of lessons, and of those that they wait for: what a seat must know to decide about them."""
    listed = list(lessons)
    needed = {needs["id"] for lesson in listed if (needs := needed_lesson(lesson))}
    return [lesson.pk for lesson in listed] + sorted(needed)


def of_learner(user: Any, seats: list[Enrolment]) -> list[Enrolment]:
    """Seats that know their learner, who is at hand."""
    for seat in seats:
        seat.user = user
    return seats


@prepared
def _seats_with_progress() -> QuerySet[Enrolment]:
    return live_seats()


def live_seats() -> QuerySet[Enrolment]:
    """What `seats_with_progress` asks, for prepared reads: takes `user`, `course` and `lessons` (ids).

    Seats get `events` [{lesson, kind, at}], `accepted` homework [{lesson, at}] and their days off.
    """
    events = ProgressEvent.objects.filter(enrolment=OuterRef("pk"), lesson__in=GivenAll("lessons"))
    accepted = accepted_homework().filter(assignment__lesson__in=GivenAll("lessons"))
    rows = Enrolment.objects.filter(user=Given("user"), cohort__course=Given("course"), state=Enrolment.State.ACTIVE)
    return with_days_off(rows.select_related("cohort").order_by("cohort__starts_on", "pk")).annotate(
        events=ArraySubquery(events.order_by().values(json=JSONObject(lesson="lesson_id", kind="kind", at="at"))),
        accepted=ArraySubquery(accepted.values(json=JSONObject(lesson="assignment__lesson_id", at="review__at"))),
    )


def accepted_homework() -> QuerySet[Submission]:
    """A seat's accepted homework, for a subquery of seats."""
    return Submission.objects.filter(enrolment=OuterRef("pk"), state=Submission.State.ACCEPTED).order_by()


def with_published(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Lessons that know `is_published` (a page of theirs is live), `is_announced` (a page of the course is), and what
    they `need` by their rule (see `needed_lesson`).
    """
    live = LessonPage.objects.filter(lesson=OuterRef("pk"), live=True)
    course_live = CoursePage.objects.filter(course=OuterRef("course"), live=True)
    return lessons.annotate(is_published=Exists(live), is_announced=Exists(course_live), needs=_needs())


def _needs() -> Case:
    """The named lesson, where it is published, else the published one before. Evaluated only for rules that ask for it."""
    live = LessonPage.objects.filter(lesson=OuterRef("pk"), live=True)
    asks = Exists(Assignment.objects.filter(lesson=OuterRef("pk")))
    rows = Lesson.objects.filter(Exists(live)).annotate(asks=asks)
    shape = JSONObject(id="pk", slug="slug", title="title", position="position", asks="asks")
    before = rows.filter(course=OuterRef("course"), position__lt=OuterRef("position")).order_by("-position")
    named = rows.filter(course=OuterRef("course"), pk=OuterRef("homework_of"))
    found = [Subquery(part.values(json=shape)[:1], output_field=JSONField()) for part in (named, before)]
    return Case(
        When(unlock=Lesson.Unlock.PREVIOUS, then=found[1]),
        When(unlock=Lesson.Unlock.HOMEWORK, then=Coalesce(*found)),
        default=None,
        output_field=JSONField(),
    )


def _with_published(lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    if all(hasattr(lesson, "needs") for lesson in lessons):
        return lessons
    return list(with_published(Lesson.objects.filter(pk__in=[lesson.pk for lesson in lessons])))


def active_enrolment(user: Any, course: Course) -> Enrolment | None:
    """The person's live seat in this course (the one that began first), or None."""
    if not user.is_authenticated:
        return None
    rows = Enrolment.objects.filter(user=user, cohort__course=course, state=Enrolment.State.ACTIVE)
    return rows.select_related("cohort").order_by("cohort__starts_on", "pk").first()


def submission_for(user: Any, pk: int) -> Submission:
    """A submission of one's own, or of a course one answers for. Http404 for missing and foreign alike."""
    rows = Submission.objects.select_related("assignment__lesson__course", "enrolment__user", "enrolment__cohort")
    submission = rows.filter(pk=pk).first()
    if submission is None:
        raise Http404
    seat = submission.enrolment
    own = seat.user_id == user.pk and seat.state == Enrolment.State.ACTIVE
    if not own and not teaches(user, submission.assignment.lesson.course, Can.REVIEW):
        raise Http404
    return submission


def cohort_gate(ident: str, user: Any) -> bool:
    """For notices about `cohort:<id>`: a live seat in it, or answering for its course."""
    cohort = Cohort.objects.select_related("course").filter(pk=int(ident)).first() if ident.isdigit() else None
    if cohort is None:
        return False
    return cohort.enrolments.filter(user=user, state=Enrolment.State.ACTIVE).exists() or teaches(
        user, cohort.course, Can.SEE_NAMES
    )
