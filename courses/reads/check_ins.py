"""打卡: the days a student missed, and the wall of a class."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from courses.models import CheckIn, CheckInReport, Cohort, Enrolment
from courses.permissions import Can, may
from courses.reads.days_off import seat_calendar
from kit.clock import local_date, now

PAGE = 30
DAYS_BACK = 14  # so far back the page offers cards


def is_missed(seat: Enrolment, day: date) -> bool:
    """Whether the learner let this local day go by: it counted, it is over, and there is no check-in."""
    today = local_date(now(), seat.user.time_zone)
    if seat.starts_on is None or not seat.starts_on <= day < today or not seat_calendar(seat).counts(day):
        return False
    return not seat.check_ins.filter(day=day).exists()


def missed_days(seat: Enrolment, done: set[date]) -> list[date]:
    """The missed days of the last two weeks, newest first; `done` are the days with a check-in. Asks no database."""
    if seat.starts_on is None:
        return []
    today = local_date(now(), seat.user.time_zone)
    days = [today - timedelta(days=back) for back in range(1, DAYS_BACK + 1)]
    return [day for day in days if day >= seat.starts_on and day not in done and seat_calendar(seat).counts(day)]


def class_of(user: Any, slug: str) -> tuple[Cohort, bool]:
    """A class whose wall this person may see, and whether by teaching it. Http404 for missing and foreign alike."""
    cohort = get_object_or_404(Cohort.objects.select_related("course"), slug=slug)
    teaches = may(user, cohort.course, Can.SEE_NAMES)
    if not teaches and not cohort.enrolments.filter(user=user, state=Enrolment.State.ACTIVE).exists():
        raise Http404
    return cohort, teaches


def wall(cohort: Cohort, user: Any, *, before: int | None = None) -> tuple[list[CheckIn], int | None]:
    """The class's check-ins that this person sees, newest first, and the key of the next page. One query.

    One's own are there though hidden; days made up for by a card are none's business.
    """
    seen = Q(is_hidden=False) | Q(enrolment__user=user)
    rows = CheckIn.objects.filter(seen, enrolment__cohort=cohort, enrolment__state=Enrolment.State.ACTIVE, removed_at=None)
    reported = Exists(CheckInReport.objects.filter(check_in=OuterRef("pk")))
    rows = rows.filter(by_card=False).select_related("enrolment__user").annotate(reported=reported)
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def check_in_for(user: Any, pk: int) -> tuple[CheckIn, bool]:
    """A check-in that this person sees on its class's wall, and whether it is their own. Http404 else."""
    rows = CheckIn.objects.select_related("enrolment__cohort__course", "enrolment__user")
    row = get_object_or_404(rows, pk=pk, removed_at=None, enrolment__state=Enrolment.State.ACTIVE)
    if row.enrolment.user_id == user.pk:
        return row, True
    if row.is_hidden:
        raise Http404
    class_of(user, row.enrolment.cohort.slug)
    return row, False
