"""Groups of students that a teacher looks at or writes to. Seats that a refund ended are in none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.reads.places import interests_around
from courses.models import Certificate, Cohort, Course, Enrolment, Lesson, Letter, Pause, ProgressEvent, WaitListEntry
from courses.reads.days_off import seat_calendar, with_days_off
from kit.clock import FALLBACK_ZONE, local_date, now

SILENT_DAYS = 7
BEHIND_LESSONS = 2
Group = Letter.Group


@dataclass(frozen=True)
class Place:
    """Where a learner stands: lessons `done`, and how many of those that are due by their own calendar are not."""

    seat: Enrolment
    done: int
    behind: int


def people_in(group: str, *, course: Course, cohort: Cohort | None = None, interest: str = "") -> set[int]:
    """Ids of the people in that group of one class, or of all classes of the course. Three queries at most a class.

    With the group "interest": who named that one.
    """
    if group == Group.INTEREST:
        return set(_interests(course, cohort).filter(tag=interest).values_list("user", flat=True))
    cohorts = [cohort] if cohort else list(course.cohorts.all())
    return _GROUPS[group](course, cohorts)


def interests_in(course: Course) -> list[str]:
    """What people around the course are interested in, what most share first. One query."""
    counted = _interests(course, None).values("tag").annotate(n=Count("user", distinct=True)).order_by("-n", "tag")
    return list(counted.values_list("tag", flat=True))


def _interests(course: Course, cohort: Cohort | None) -> Any:
    """Said in the spaces of that class; else of all classes, of the course's graduates, and of the teacher's own."""
    if cohort:
        return interests_around(refs=[cohort.seat_ref], owner=None)
    refs = [f"course:{course.pk}", *(one.seat_ref for one in course.cohorts.all())]
    return interests_around(refs=refs, owner=course.teacher_id)


def _everybody(course: Course, cohorts: list[Cohort]) -> set[int]:
    return set(_live(cohorts).values_list("user", flat=True))


def _silent(course: Course, cohorts: list[Cohort]) -> set[int]:
    return set(silent_seats(Cohort.objects.filter(pk__in=[one.pk for one in cohorts])).values_list("user", flat=True))


def _behind(course: Course, cohorts: list[Cohort]) -> set[int]:
    return {place.seat.user_id for cohort in cohorts for place in places_in(cohort) if place.behind >= BEHIND_LESSONS}


def _finished(course: Course, cohorts: list[Cohort]) -> set[int]:
    later = _live().filter(user=OuterRef("user"), created_at__gt=OuterRef("created_at"))
    return set(finished_seats(_live(cohorts)).filter(~Exists(later)).values_list("user", flat=True))


def _waiting(course: Course, cohorts: list[Cohort]) -> set[int]:
    rows = WaitListEntry.objects.filter(cohort__in=cohorts, state__in=WaitListEntry.LIVE)
    return set(rows.values_list("user", flat=True))


_GROUPS: dict[Any, Callable[[Course, list[Cohort]], set[int]]] = {
    Group.EVERYBODY: _everybody,
    Group.SILENT: _silent,
    Group.BEHIND: _behind,
    Group.FINISHED: _finished,
    Group.WAITING: _waiting,
}


def _live(cohorts: list[Cohort] | None = None) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(state=Enrolment.State.ACTIVE)
    return rows if cohorts is None else rows.filter(cohort__in=cohorts)


def finished_seats(seats: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those with a valid certificate, or with every published lesson completed."""
    certified = Certificate.objects.filter(enrolment=OuterRef("pk"), revoked_at=None)
    published = Lesson.objects.filter(course=OuterRef("cohort__course"), pages__live=True).order_by()
    wanted = published.values("course").annotate(n=Count("pk", distinct=True)).values("n")
    done = ProgressEvent.objects.filter(enrolment=OuterRef("pk"), kind=ProgressEvent.Kind.COMPLETED).order_by()
    rows = seats.annotate(done=Coalesce(Subquery(done.values("enrolment").annotate(n=Count("pk")).values("n")), 0))
    whole = Q(done__gt=0, done__gte=Subquery(wanted))
    return rows.filter(Q(Exists(certified)) | whole)


def silent_seats(cohorts: QuerySet[Cohort]) -> QuerySet[Enrolment]:
    """Live seats of running classes that opened nothing for seven days, longest first, with `last_at`; who pauses is not
    among them, nor who has not begun or has finished. One query.
    """
    moment, today = now(), local_date(now(), FALLBACK_ZONE)
    since = moment - timedelta(days=SILENT_DAYS)
    events = ProgressEvent.objects.filter(enrolment=OuterRef("pk")).order_by()
    last = events.values("enrolment").annotate(at=Max("at")).values("at")
    away = Pause.objects.filter(enrolment=OuterRef("pk"), first__lte=today).filter(Q(last=None) | Q(last__gte=today))
    running = cohorts.filter(starts_on__lte=today, ends_on__gte=today).values("pk")
    begun = Enrolment.objects.filter(
        state=Enrolment.State.ACTIVE, cohort__in=running, starts_on__lte=today - timedelta(days=SILENT_DAYS)
    )
    rows = begun.annotate(last_at=Subquery(last)).filter(Q(last_at=None) | Q(last_at__lt=since)).filter(~Exists(away))
    finished = finished_seats(Enrolment.objects.filter(pk=OuterRef("pk")))
    return rows.filter(~Exists(finished)).select_related("user", "cohort__course").order_by("last_at", "pk")


def places_in(cohort: Cohort) -> list[Place]:
    """Every learner of the class with lessons due and done, most behind first. Two queries for any number.

    Due is what the learner's own calendar has reached: rest days and pauses are left out, a late parcel moves day 1.
    """
    published = dict(Lesson.objects.filter(course=cohort.course_id, pages__live=True).values_list("pk", "day"))
    days = list(published.values())
    events = ProgressEvent.objects.filter(enrolment=OuterRef("pk"), lesson__in=list(published))
    done = events.filter(kind=ProgressEvent.Kind.COMPLETED)
    count = done.order_by().values("enrolment").annotate(n=Count("pk")).values("n")
    seats = with_days_off(_live([cohort]).select_related("user")).annotate(done=Coalesce(Subquery(count), 0))
    places = [_place(seat, days) for seat in seats.order_by("pk")]
    return sorted(places, key=lambda place: (-place.behind, place.seat.pk))


def _place(seat: Any, days: list[int]) -> Place:
    if seat.starts_on is None:
        return Place(seat, seat.done, 0)
    number = seat_calendar(seat).number(local_date(now(), seat.user.time_zone))
    # Today's own lesson has until midnight.
    due = sum(day < number for day in days)
    return Place(seat, seat.done, max(due - seat.done, 0))
