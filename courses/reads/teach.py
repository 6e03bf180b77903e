"""What a teacher sees: only of the courses they answer for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from community.models import Topic
from community.reads import replies_of_team
from courses.access import with_published
from courses.calendar import Off
from courses.models import Cohort, Course, Enrolment, Lesson, LessonPage, ProgressEvent, RestDay, Submission
from courses.permissions import Can, taught_courses
from courses.reads.days_off import reply_by
from courses.reads.groups import silent_seats
from courses.reads.language import title_in_language
from kit.clock import local_date, now
from stock.models import StockItem

PAGE = 50


def seat_reference() -> Concat:
    return Concat(Value("cohort:"), Cast(OuterRef("pk"), CharField()))


def cohorts_of(user: Any) -> QuerySet[Cohort]:
    """The classes of a teacher, newest first, with `learners`, `seats` and `waiting` homework. One query."""
    live = Enrolment.objects.filter(cohort=OuterRef("pk"), state=Enrolment.State.ACTIVE).order_by()
    learners = live.values("cohort").annotate(n=Count("pk")).values("n")
    homework = Submission.objects.filter(enrolment__cohort=OuterRef("pk"), state=Submission.State.SUBMITTED).order_by()
    waiting = homework.values("enrolment__cohort").annotate(n=Count("pk")).values("n")
    stock = StockItem.objects.filter(ref=seat_reference())
    rows = Cohort.objects.filter(course__in=taught_courses(user, Can.SEE_NAMES)).select_related("course")
    return rows.annotate(
        learners=Subquery(learners), waiting=Subquery(waiting), seats=Subquery(stock.values("on_hand")[:1])
    ).order_by("-starts_on", "-pk")


def homework_queue(user: Any) -> QuerySet[Submission]:
    """Homework that waits for a review, longest waiting first."""
    rows = Submission.objects.filter(
        state=Submission.State.SUBMITTED, assignment__lesson__course__in=taught_courses(user, Can.REVIEW)
    )
    live = rows.filter(enrolment__state=Enrolment.State.ACTIVE)
    return live.select_related("assignment__lesson__course", "enrolment__user", "enrolment__cohort").order_by(
        "submitted_at", "pk"
    )


def with_reply_clock(works: Iterable[Submission]) -> list[Submission]:
    """The same homework, each with its `reply_by` (days_off.reply_by). One query for any number."""
    listed = list(works)
    rests: dict[int, list[Off]] = {}
    for row in RestDay.objects.filter(cohort__in={work.enrolment.cohort_id for work in listed}):
        rests.setdefault(row.cohort_id, []).append(Off(row.day, row.day))
    for work in listed:
        cohort = work.enrolment.cohort
        work.reply_by = reply_by(work.submitted_at, cohort, rests.get(cohort.pk, []))  # type: ignore[attr-defined]
    return listed


def unanswered_questions(user: Any) -> QuerySet[Topic]:
    """Questions in the spaces of one's classes that have no accepted answer and no reply by the team, oldest first."""
    cohorts = Cohort.objects.filter(course__in=taught_courses(user, Can.ANSWER))
    refs = cohorts.annotate(ref=Concat(Value("cohort:"), Cast("pk", CharField()))).values("ref")
    rows = Topic.objects.filter(kind=Topic.Kind.QUESTION, space__about__in=refs, removed_at=None, accepted_no=None)
    open_ones = rows.filter(~Exists(replies_of_team().filter(topic=OuterRef("pk"))))
    return open_ones.exclude(author=user).select_related("space", "author").order_by("created_at", "pk")


def silent_learners(user: Any) -> QuerySet[Enrolment]:
    """Seats of one's running classes that opened nothing for seven days, longest first (groups.silent_seats)."""
    return silent_seats(Cohort.objects.filter(course__in=taught_courses(user, Can.SEE_NAMES)))


def learners_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """The live seats of a class with `done` lessons, `last_at` and `waiting` homework."""
    events = ProgressEvent.objects.filter(enrolment=OuterRef("pk")).order_by()
    done = events.filter(kind=ProgressEvent.Kind.COMPLETED).values("enrolment").annotate(n=Count("pk")).values("n")
    last = events.values("enrolment").annotate(at=Max("at")).values("at")
    waits = Submission.objects.filter(enrolment=OuterRef("pk"), state=Submission.State.SUBMITTED)
    rows = cohort.enrolments.filter(state=Enrolment.State.ACTIVE).select_related("user")
    return rows.annotate(done=Subquery(done), last_at=Subquery(last), waits=Exists(waits)).order_by("pk")


def drop_off(cohort: Cohort) -> list[tuple[int, int]]:
    """(position, learners who finished it) for each lesson, in order. One query."""
    finished = Q(kind=ProgressEvent.Kind.COMPLETED, enrolment__cohort=cohort, enrolment__state=Enrolment.State.ACTIVE)
    counts = ProgressEvent.objects.filter(finished, lesson=OuterRef("pk")).order_by().values("lesson").annotate(n=Count("pk"))
    rows = Lesson.objects.filter(course=cohort.course_id).annotate(n=Subquery(counts.values("n")))
    return [(position, n or 0) for position, n in rows.values_list("position", "n")]


def outline(course: Course) -> QuerySet[Lesson]:
    """All lessons in order, drafts too, each with `page_id` of its original page, `live` and `shown_title`."""
    pages = LessonPage.objects.filter(lesson=OuterRef("pk")).order_by("pk")
    rows = with_published(Lesson.objects.filter(course=course)).select_related("module", "assignment")
    return rows.annotate(
        page_id=Subquery(pages.values("pk")[:1]),
        live=Subquery(pages.values("live")[:1]),
        unpublished=Subquery(pages.values("has_unpublished_changes")[:1]),
        shown_title=title_in_language(pages),
    )


def published_lessons(course_id: int) -> int:
    """How many lessons of a course are published."""
    return LessonPage.objects.filter(live=True, lesson__course=course_id).aggregate(n=Count("lesson", distinct=True))["n"]


def other_classes(cohort: Cohort) -> QuerySet[Cohort]:
    """Classes of the same course to which a student could move: not over, with `free` seats."""
    stock = StockItem.objects.filter(ref=seat_reference())
    rows = Cohort.objects.filter(course=cohort.course_id, ends_on__gte=local_date(now(), cohort.time_zone)).exclude(pk=cohort.pk)
    free = stock.values(left=F("on_hand") - F("allocated") - F("reserved"))[:1]
    return rows.annotate(free=Subquery(free)).order_by("starts_on", "pk")
