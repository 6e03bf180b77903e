"""Who may open what in a course. `lesson_access` is THE one decision on paid text, media, search and feeds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.roles import oversees
from courses.models import Cohort, Course, CoursePage, Enrolment, Lesson, LessonPage, ProgressEvent, Submission, TeamMember
from kit.clock import now, start_of_day
from kit.prepared import Given, GivenAll, prepared

AskSeats = Callable[[Any, Course, Iterable[Lesson]], list[Enrolment]]


@dataclass(frozen=True)
class LessonAccess:
    """A decision. `why`: preview, team, open, opened (stays open) — or anonymous, no_seat, waiting (for the kit),
    too_early, unpublished. `enrolment` is the seat it rests on, also where a preview or a team member has one.
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
    has_seat = user.is_authenticated and getattr(course, "has_seat", True)
    own = (seats or seats_with_progress)(user, course, lessons) if has_seat else []
    known = _with_published(lessons)
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
    return LessonAccess(False, "too_early" if moment else "waiting", moment, seat)


def opening_moment(seat: Enrolment, lesson: Lesson) -> datetime | None:
    """The first instant of the learner's N-th local day, in UTC; None while the seat waits for its kit."""
    if seat.starts_on is None:
        return None
    return start_of_day(seat.starts_on + timedelta(days=lesson.day - 1), seat.user.time_zone)


def seats_with_progress(user: Any, course: Course, lessons: Iterable[Lesson]) -> list[Enrolment]:
    """A person's live seats in a course, each with `events` [{lesson, kind}] of these lessons. One query."""
    return of_learner(user, _seats_with_progress(user=user.pk, course=course.pk, lessons=[lesson.pk for lesson in lessons]))


def of_learner(user: Any, seats: list[Enrolment]) -> list[Enrolment]:
    """Seats that know their learner, who is at hand."""
    for seat in seats:
        seat.user = user
    return seats


@prepared
def _seats_with_progress() -> QuerySet[Enrolment]:
    return live_seats()


def live_seats() -> QuerySet[Enrolment]:
    """What `seats_with_progress` asks, for prepared reads: takes `user`, `course` and `lessons` (ids)."""
    events = ProgressEvent.objects.filter(enrolment=OuterRef("pk"), lesson__in=GivenAll("lessons"))
    return (
        Enrolment.objects.filter(user=Given("user"), cohort__course=Given("course"), state=Enrolment.State.ACTIVE)
        .select_related("cohort")
        .annotate(events=ArraySubquery(events.order_by().values(json=JSONObject(lesson="lesson_id", kind="kind"))))
        .order_by("cohort__starts_on", "pk")
    )


def with_published(lessons: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """Lessons that know `is_published` (a page of theirs is live) and `is_announced` (a page of the course is)."""
    live = LessonPage.objects.filter(lesson=OuterRef("pk"), live=True)
    course_live = CoursePage.objects.filter(course=OuterRef("course"), live=True)
    return lessons.annotate(is_published=Exists(live), is_announced=Exists(course_live))


def _with_published(lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    if all(hasattr(lesson, "is_published") for lesson in lessons):
        return lessons
    return list(with_published(Lesson.objects.filter(pk__in=[lesson.pk for lesson in lessons])))


def active_enrolment(user: Any, course: Course) -> Enrolment | None:
    """The person's live seat in this course (the one that began first), or None."""
    if not user.is_authenticated:
        return None
    rows = Enrolment.objects.filter(user=user, cohort__course=course, state=Enrolment.State.ACTIVE)
    return rows.select_related("cohort").order_by("cohort__starts_on", "pk").first()


def teaches(user: Any, course: Course) -> bool:
    """Whether this person answers for the course: its teacher, its team, or the owner of the yard."""
    if not user.is_authenticated or not user.is_active:
        return False
    if course.teacher_id == user.pk or oversees(user):
        return True
    return course.in_team if hasattr(course, "in_team") else course.team.filter(user=user).exists()


def with_ties(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Rows with a `course`, annotated with this person's `has_seat` and `in_team` there; see `keep_ties`."""
    pk = user.pk if user.is_authenticated else None
    seats = Enrolment.objects.filter(cohort__course=OuterRef("course"), user=pk, state=Enrolment.State.ACTIVE)
    return rows.annotate(has_seat=Exists(seats), in_team=Exists(TeamMember.objects.filter(course=OuterRef("course"), user=pk)))


def keep_ties(row: Any) -> Course:
    """The row's course, knowing what `with_ties` found."""
    course: Course = row.course
    course.has_seat, course.in_team = row.has_seat, row.in_team  # type: ignore[attr-defined]
    return course


def taught_courses(user: Any) -> QuerySet[Course]:
    """The courses this person answers for; none for everybody else."""
    if not user.is_authenticated or not user.is_active:
        return Course.objects.none()
    if oversees(user):
        return Course.objects.all()
    return Course.objects.filter(Q(teacher=user) | Q(pk__in=user.course_roles.values("course")))


def taught_course(user: Any, slug: str) -> Course:
    """A course this person answers for. Http404 for missing and foreign alike."""
    return get_object_or_404(taught_courses(user).select_related("teacher"), slug=slug)


def taught_cohort(user: Any, slug: str) -> Cohort:
    """A cohort of a course this person answers for. Http404 for missing and foreign alike."""
    return get_object_or_404(Cohort.objects.select_related("course").filter(course__in=taught_courses(user)), slug=slug)


def submission_for(user: Any, pk: int) -> Submission:
    """A submission of one's own, or of a course one answers for. Http404 for missing and foreign alike."""
    rows = Submission.objects.select_related("assignment__lesson__course", "enrolment__user", "enrolment__cohort")
    submission = rows.filter(pk=pk).first()
    if submission is None:
        raise Http404
    seat = submission.enrolment
    own = seat.user_id == user.pk and seat.state == Enrolment.State.ACTIVE
    if not own and not teaches(user, submission.assignment.lesson.course):
        raise Http404
    return submission


def cohort_gate(ident: str, user: Any) -> bool:
    """For notices about `cohort:<id>`: a live seat in it, or answering for its course."""
    cohort = Cohort.objects.select_related("course").filter(pk=int(ident)).first() if ident.isdigit() else None
    if cohort is None:
        return False
    return cohort.enrolments.filter(user=user, state=Enrolment.State.ACTIVE).exists() or teaches(user, cohort.course)
