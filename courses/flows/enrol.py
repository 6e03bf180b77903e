"""Seats: granted by what was paid, ended by what was refunded, begun by a parcel."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from community import flows as community
from community.models import Space
from courses.flows.wait_list import note_seat_taken
from courses.models import Certificate, Cohort, Enrolment
from kit.clock import local_date, now
from kit.locks import lock_rows
from notices.flows import Words, notify


@transaction.atomic
def grant_seat(*, user: Any, cohort: Cohort, source: str, starts_on: date | None = None) -> Enrolment:
    """Give `user` a seat in `cohort` and a place in its space; the same source gives it once, whatever follows.

    `starts_on` sets the personal day 1 (for an order without a kit); else the cohort's start rule decides: null until
    delivery, or the later of the cohort's first day and the learner's today. Who has a live seat from another source
    keeps that one, which is returned. A seat that this source lost stays lost. Seats are counted by `stock`, not here.
    """
    known = bought_seats(source=source, cohort=cohort).filter(user=user).first()
    if known is not None:
        return known
    note_seat_taken(user=user, cohort=cohort)
    if starts_on is None and cohort.start_rule == Cohort.StartRule.DATE:
        starts_on = max(cohort.starts_on, local_date(now(), user.time_zone))
    try:
        with transaction.atomic():
            seat = Enrolment.objects.create(user=user, cohort=cohort, source=source, starts_on=starts_on, created_at=now())
    except IntegrityError:
        return _seat_already_there(user, cohort, source)
    space = Space.objects.filter(about=cohort.seat_ref).first()
    if space is not None:
        community.join(user=user, space=space, role="member", source=f"enrolment:{seat.pk}")
    _welcome(seat)
    return seat


def bought_seats(*, source: str, cohort: Cohort) -> QuerySet[Enrolment]:
    """The seats that `source` paid for in `cohort`, wherever they were moved since."""
    return Enrolment.objects.filter(Q(bought=cohort) | Q(bought=None, cohort=cohort), source=source)


def _seat_already_there(user: Any, cohort: Cohort, source: str) -> Enrolment:
    rows = Enrolment.objects.filter(user=user, cohort=cohort)
    return rows.filter(source=source).first() or rows.get(state=Enrolment.State.ACTIVE)


@transaction.atomic
def revoke_seat(*, source: str, cohort: Cohort | None = None) -> list[Enrolment]:
    """End the seats that came from `source` (bought in `cohort` alone, if given), their places in spaces and certificates.

    Returns those ended now.
    """
    rows = bought_seats(source=source, cohort=cohort) if cohort else Enrolment.objects.filter(source=source)
    ids = rows.filter(state=Enrolment.State.ACTIVE).values_list("pk", flat=True)
    locked: dict[int, Enrolment] = lock_rows(Enrolment.objects.all(), ids)
    ended = [seat for seat in locked.values() if seat.state == Enrolment.State.ACTIVE]
    for seat in ended:
        seat.state, seat.ended_at = Enrolment.State.REVOKED, now()
        seat.save(update_fields=["state", "ended_at"])
        community.leave(source=f"enrolment:{seat.pk}")
        for certificate in Certificate.objects.filter(enrolment=seat, revoked_at=None):
            Certificate.objects.filter(pk=certificate.pk).update(revoked_at=now())
            community.leave(source=f"certificate:{certificate.pk}")
    return ended


@transaction.atomic
def restore_seat(*, source: str, cohort: Cohort) -> list[Enrolment]:
    """Undo `revoke_seat` where its cause fell away: lessons, the place in the space, the certificate that ended with it.

    Who has another live seat in the cohort by now keeps that one. Returns those restored now.
    """
    ids = bought_seats(source=source, cohort=cohort).filter(state=Enrolment.State.REVOKED).values_list("pk", flat=True)
    locked: dict[int, Enrolment] = lock_rows(Enrolment.objects.select_related("user", "cohort"), ids)
    restored = []
    for seat in locked.values():
        live = Enrolment.objects.filter(user=seat.user, cohort=seat.cohort, state=Enrolment.State.ACTIVE)
        if seat.state != Enrolment.State.REVOKED or live.exists():
            continue
        # A certificate that staff withdrew earlier stays withdrawn.
        Certificate.objects.filter(enrolment=seat, revoked_at__gte=seat.ended_at).update(revoked_at=None)
        seat.state, seat.ended_at = Enrolment.State.ACTIVE, None
        seat.save(update_fields=["state", "ended_at"])
        if space := Space.objects.filter(about=seat.cohort.seat_ref).first():
            community.join(user=seat.user, space=space, role="member", source=f"enrolment:{seat.pk}")
        restored.append(seat)
    return restored


@transaction.atomic
def begin_day_one(*, source: str, on: date, kit_came: bool) -> None:
    """Nothing of `source` is still to come on this local day: day 1 is then, but not before the cohort begins. Once.

    `kit_came`: a parcel was delivered. Who keeps the course without its kit begins too, and is told of no parcel.
    """
    ids = Enrolment.objects.filter(source=source, state=Enrolment.State.ACTIVE, starts_on=None).values_list("pk", flat=True)
    locked: dict[int, Enrolment] = lock_rows(Enrolment.objects.select_related("cohort__course", "user"), ids)
    for seat in locked.values():
        if seat.starts_on is not None or seat.state != Enrolment.State.ACTIVE:
            continue
        seat.starts_on = max(seat.cohort.starts_on, on)
        seat.save(update_fields=["starts_on"])
        _tell_day_one(seat, kit_came)


def _welcome(seat: Enrolment) -> None:
    notify(
        user=seat.user,
        kind="course",
        key=f"seat:{seat.pk}",
        gate=seat.cohort.seat_ref,
        url=reverse("courses:learn"),
        words=Words(
            _("You have a seat: %(course)s"),
            _("Your class is %(cohort)s. Today's lesson, your homework and your class are at one place: My learning."),
            {"course": seat.cohort.course.title, "cohort": seat.cohort.name},
        ),
    )


def _tell_day_one(seat: Enrolment, kit_came: bool) -> None:
    title = _("The parcel is there: day 1 begins") if kit_came else _("Day 1 begins, without a parcel")
    assert seat.starts_on is not None
    late = (seat.starts_on - seat.cohort.starts_on).days
    values = {"course": seat.cohort.course.title, "day": str(seat.starts_on), "late": late}
    body = _("%(course)s starts for you on %(day)s.")
    if late and kit_came:
        body = _("%(course)s starts for you on %(day)s, %(late)s days after your class: all your days move along, none is lost.")
    notify(
        user=seat.user,
        kind="course",
        key=f"day-one:{seat.pk}",
        gate=seat.cohort.seat_ref,
        url=reverse("courses:learn"),
        words=Words(title, body, values),
    )
