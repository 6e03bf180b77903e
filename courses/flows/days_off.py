"""Rest days of a class and pauses of a learner. What was open stays open: courses/calendar.py sees to it by `added_at`."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from courses.models import Cohort, Enrolment, Pause, RestDay
from kit import audit
from kit.clock import local_date, now
from notices.flows import Words, notify, notify_many, withdraw

DAY = timedelta(days=1)


class TooLate(ValueError):
    """The day has begun: what happened on it has happened."""


@transaction.atomic
def add_rest_days(*, cohort: Cohort, first: date, last: date, name: str, actor: Any, told: bool = True) -> list[RestDay]:
    """The class rests from `first` to `last`; days that it rests already stay as they are. The class is told once.

    Raises TooLate for days that have begun in the class's zone.
    """
    if first <= local_date(now(), cohort.time_zone):
        raise TooLate
    days = [first + DAY * number for number in range((last - first).days + 1)]
    known = set(RestDay.objects.filter(cohort=cohort, day__in=days).values_list("day", flat=True))
    rows = [RestDay(cohort=cohort, day=day, name=name[:80], added_at=now()) for day in days if day not in known]
    made = RestDay.objects.bulk_create(rows, ignore_conflicts=True)
    if made:
        audit.record(actor=actor, action="cohort.rest", target=cohort.seat_ref, after={"days": [str(row.day) for row in made]})
        if told:
            _tell_class(cohort, made[0].day, made[-1].day, name)
    return made


@transaction.atomic
def remove_rest_day(*, cohort: Cohort, day: date, actor: Any) -> None:
    """The class does not rest on that day after all. Raises TooLate once it has begun: streaks rest on it."""
    if day <= local_date(now(), cohort.time_zone):
        raise TooLate
    gone, _kinds = RestDay.objects.filter(cohort=cohort, day=day).delete()
    if gone:
        audit.record(actor=actor, action="cohort.rest_removed", target=cohort.seat_ref, before={"day": str(day)})
        withdraw(keys=[f"rest:{cohort.pk}:{day}"])


def _tell_class(cohort: Cohort, first: date, last: date, name: str) -> None:
    seats = cohort.enrolments.filter(state=Enrolment.State.ACTIVE).values("user")
    body = _("%(name)s, %(first)s – %(last)s: no lesson opens, nothing is due, your streak waits. All goes on the day after.")
    values = {"class": cohort.name, "name": name or cohort.name, "first": str(first), "last": str(last)}
    notify_many(
        users=User.objects.filter(pk__in=seats, is_active=True).order_by("pk"),
        kind="course",
        key=f"rest:{cohort.pk}:{first}",
        gate=cohort.seat_ref,
        url=reverse("courses:learn"),
        words=Words(_("Your class rests: %(class)s"), body, values),
    )


@transaction.atomic
def let_pause(*, cohort: Cohort, allowed: bool, actor: Any) -> None:
    """Whether students of the class may pause and resume by themselves."""
    if Cohort.objects.filter(pk=cohort.pk, may_pause=not allowed).update(may_pause=allowed):
        audit.record(actor=actor, action="cohort.may_pause", target=cohort.seat_ref, after=allowed)


@transaction.atomic
def pause_seat(*, enrolment: Enrolment, actor: Any, reason: str = "") -> Pause | None:
    """The learner is away from tomorrow on (their local day): nothing new opens, and days are counted again on their return.

    What was open stays open. Once: a pause that runs is returned; None where the seat has ended.
    """
    seat = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "cohort__course").get(pk=enrolment.pk)
    running = seat.pauses.filter(last=None).first()
    if running is not None or seat.state != Enrolment.State.ACTIVE:
        return running
    first = local_date(now(), seat.user.time_zone) + DAY
    pause = Pause.objects.create(enrolment=seat, first=first, reason=reason[:200], made_by=actor, added_at=now())
    audit.record(
        actor=actor, action="seat.pause", target=f"enrolment:{seat.pk}", after={"first": str(first)}, reason=reason[:200]
    )
    if actor.pk != seat.user_id:
        _tell_pause(
            seat, pause, _("Your seat is paused: %(course)s"), _("Nothing new opens from %(day)s on; nothing is lost."), first
        )
    return pause


@transaction.atomic
def resume_seat(*, enrolment: Enrolment, actor: Any) -> bool:
    """The learner is back: today counts again, and the course goes on with the day at which they left. Whether one was away."""
    seat = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "cohort__course").get(pk=enrolment.pk)
    pause = seat.pauses.filter(last=None).first()
    if pause is None:
        return False
    today = local_date(now(), seat.user.time_zone)
    # Back before the pause began: it has no day at all.
    pause.last = max(today - DAY, pause.first - DAY)
    pause.save(update_fields=["last"])
    audit.record(actor=actor, action="seat.resume", target=f"enrolment:{seat.pk}", after={"last": str(pause.last)})
    if actor.pk != seat.user_id:
        title, body = _("Your course goes on: %(course)s"), _("It goes on from where you left, on %(day)s.")
        _tell_pause(seat, pause, title, body, today)
    return True


def _tell_pause(seat: Enrolment, pause: Pause, title: str, body: str, day: date) -> None:
    values = {"course": seat.cohort.course.title, "day": str(day)}
    key = f"pause:{pause.pk}:{'back' if pause.last else 'away'}"
    words = Words(title, body, values)
    notify(user=seat.user, kind="course", key=key, gate=seat.cohort.seat_ref, url=reverse("courses:learn"), words=words)
