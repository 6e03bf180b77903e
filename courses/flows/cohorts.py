"""Classes: made with their seats and their space."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from community import flows as community
from community.models import Space
from courses.flows.prompts import open_prompts
from courses.models import Cohort, Course, Enrolment
from courses.permissions import Can, roles_with
from kit.clock import FALLBACK_ZONE, local_date, now
from stock.flows import ensure_item, set_on_hand


@transaction.atomic
def create_cohort(
    *,
    course: Course,
    name: str,
    slug: str,
    starts_on: date,
    seats: int,
    days: int | None = None,
    ends_on: date | None = None,
    time_zone: str = FALLBACK_ZONE,
    start_rule: str = "date",
    enrol_until: date | None = None,
    may_pause: bool = False,
) -> Cohort:
    """A class with its seats (stock item `cohort:<id>`) and its space, which the teacher owns.

    It lasts `days` (the course's by default), unless `ends_on` is given.
    """
    last = ends_on or starts_on + timedelta(days=(days or course.days) - 1)
    cohort = Cohort.objects.create(
        course=course,
        name=name,
        slug=slug,
        starts_on=starts_on,
        ends_on=last,
        time_zone=time_zone,
        start_rule=start_rule,
        enrol_until=enrol_until,
        may_pause=may_pause,
    )
    ensure_item(ref=cohort.seat_ref, on_hand=seats)
    space = community.ensure_space(slug=slug, name=name, about=cohort.seat_ref, visibility="members")
    community.join(user=course.teacher, space=space, role="owner", source=f"course:{course.pk}")
    for member in course.team.filter(role__in=roles_with(Can.ANSWER)).select_related("user"):
        community.join(user=member.user, space=space, role="helper", source=f"team:{course.pk}:{member.user_id}")
    open_prompts(course=course, cohort=cohort)
    return cohort


class CohortBegun(Exception):
    """Somebody has a seat: the class keeps its dates, zone and rule."""


@transaction.atomic
def change_cohort(*, cohort: Cohort, name: str, starts_on: date, days: int, time_zone: str, start_rule: str) -> Cohort:
    """Change a class; its space bears its name too. Raises CohortBegun where dates change and somebody has a seat."""
    row = Cohort.objects.select_for_update().get(pk=cohort.pk)
    values = {
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=days - 1),
        "time_zone": time_zone,
        "start_rule": start_rule,
    }
    taken = Enrolment.objects.filter(cohort=row, state=Enrolment.State.ACTIVE).exists()
    if taken and any(getattr(row, field) != value for field, value in values.items() if field != "ends_on"):
        raise CohortBegun
    if not taken:
        for field, value in values.items():
            setattr(row, field, value)
    if row.name != name:
        row.name = name
        community.rename_space(about=row.seat_ref, name=name)
    row.save()
    return row


def set_seats(*, cohort: Cohort, seats: int) -> Any:
    """Change how many seats the class has. Raises OutOfStock below what is taken or held."""
    return set_on_hand(ref=cohort.seat_ref, on_hand=seats)


def archive_ended_spaces() -> int:
    """Archive the spaces of classes that ended `settings.SPACE_ARCHIVE_DAYS` days ago; who began later counts too.

    Returns how many were archived now.
    """
    grace = timedelta(days=settings.SPACE_ARCHIVE_DAYS)
    soonest = now().date() + timedelta(days=1) - grace
    begun = Max("enrolments__starts_on", filter=Q(enrolments__state=Enrolment.State.ACTIVE))
    archived = 0
    for cohort in Cohort.objects.filter(ends_on__lt=soonest, pk__in=_with_open_space()).annotate(begun=begun).order_by("pk"):
        length = cohort.ends_on - cohort.starts_on
        last = max(cohort.ends_on, (cohort.begun or cohort.starts_on) + length)
        if last + grace < local_date(now(), cohort.time_zone):
            archived += community.archive_ended(about=cohort.seat_ref)
    return archived


def _with_open_space() -> list[int]:
    rows = Space.objects.filter(about__startswith="cohort:", archived_at=None, kept_open=False).values_list("about", flat=True)
    return [int(ident) for about in rows if (ident := about.removeprefix("cohort:")).isdecimal()]
