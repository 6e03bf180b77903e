"""Seats that know which days do not count for them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from courses.calendar import FOREVER, Calendar, Off, due_after, merge
from courses.models import Cohort, Enrolment, Pause, RestDay


def with_days_off(seats: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Seats with `rests` and `absences`, of which `seat_calendar` makes their calendar without asking again."""
    rests = RestDay.objects.filter(cohort=OuterRef("cohort")).order_by("day")
    absences = Pause.objects.filter(enrolment=OuterRef("pk")).order_by("first", "pk")
    return seats.annotate(
        rests=ArraySubquery(rests.values(json=JSONObject(first="day", last="day", known_at="added_at", name="name"))),
        absences=ArraySubquery(absences.values(json=JSONObject(first="first", last="last", known_at="added_at"))),
    )


def seat_calendar(seat: Enrolment) -> Calendar:
    """The learner's calendar; the seat must have begun and know its user. Kept on the seat. No query for `with_days_off`."""
    assert seat.starts_on is not None
    if (kept := seat.__dict__.get("_calendar")) is not None and kept[0] == (seat.starts_on, seat.user.time_zone):
        found: Calendar = kept[1]
        return found
    past = [(row["zone"], datetime.fromisoformat(row["until"])) for row in seat.user.former_zones]
    calendar = Calendar(seat.starts_on, [*past, (seat.user.time_zone, FOREVER)], [_off(row) for row in _rows(seat)])
    seat.__dict__["_calendar"] = ((seat.starts_on, seat.user.time_zone), calendar)
    return calendar


def _rows(seat: Enrolment) -> list[dict[str, Any]]:
    if seat.pk is None:
        return []
    if not hasattr(seat, "rests"):
        seat.__dict__["rests"] = list(rest_days_of(seat.cohort_id))
        seat.__dict__["absences"] = [
            {"first": row.first, "last": row.last, "known_at": row.added_at} for row in seat.pauses.all()
        ]
    return [*seat.__dict__["rests"], *seat.__dict__["absences"]]


def rest_days_of(cohort_id: int) -> list[dict[str, Any]]:
    """A class's rest days in order, as `with_days_off` has them. One query."""
    rows = RestDay.objects.filter(cohort=cohort_id).order_by("day")
    return [{"first": row.day, "last": row.day, "known_at": row.added_at, "name": row.name} for row in rows]


def _off(row: dict[str, Any]) -> Off:
    return Off(_day(row["first"]), _day(row["last"]) if row["last"] else None, _moment(row["known_at"]))


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def rests_of(seat: Enrolment) -> list[Off]:
    """Rest days of the class of a seat read by `with_days_off`."""
    return [_off(row) for row in seat.rests]  # type: ignore[attr-defined]


def reply_by(handed_in: datetime, cohort: Cohort, rests: Iterable[Off]) -> datetime:
    """By when homework is answered: HOMEWORK_REPLY_HOURS after it was handed in; the class's rest days are left out."""
    return due_after(handed_in, hours=settings.HOMEWORK_REPLY_HOURS, zone=cohort.time_zone, off=merge(rests))
