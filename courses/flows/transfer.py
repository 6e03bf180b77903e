"""A student moves to another class of the same course: the seat is given back and taken at once, all else comes along."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from community import flows as community
from community.models import Space
from courses.flows.wait_list import is_open, note_seat_taken
from courses.models import Cohort, Enrolment, Pause
from kit import audit
from kit.clock import local_date, now
from notices.flows import Words, notify
from stock.flows import exchange, lock_items


class CannotTransfer(ValueError):
    """The seat has ended, the class is of another course or over, or the person has a seat there."""


@transaction.atomic
def transfer_seat(*, enrolment: Enrolment, to: Cohort, actor: Any, starts_on: date | None = None) -> Enrolment:
    """Move a seat to another class. The same row moves: progress, homework, certificate and source stay with it.

    Day 1 is `starts_on`, else the first day of the new class or the learner's today, whichever is later; a seat that waits
    for its kit goes on waiting. A pause that runs ends. Raises CannotTransfer, and OutOfStock where the class is full.
    """
    origin = Enrolment.objects.values_list("cohort", flat=True).get(pk=enrolment.pk)
    lock_items(refs=[f"cohort:{origin}", to.seat_ref])
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("user", "cohort__course")
    seat = rows.get(pk=enrolment.pk)
    former = seat.cohort
    _check(seat, to, origin)
    exchange(holder=seat.source, ref=former.seat_ref, to=to.seat_ref)
    seat.bought = seat.bought or former
    seat.cohort = to
    if seat.starts_on is not None:
        today = local_date(now(), seat.user.time_zone)
        seat.starts_on = starts_on or max(to.starts_on, today)
    seat.save(update_fields=["cohort", "bought", "starts_on"])
    Pause.objects.filter(enrolment=seat).delete()
    _move_place(seat, to)
    note_seat_taken(user=seat.user, cohort=to)
    audit.record(
        actor=actor,
        action="seat.transfer",
        target=f"enrolment:{seat.pk}",
        before={"cohort": former.pk},
        after={"cohort": to.pk, "starts_on": str(seat.starts_on or "")},
    )
    _tell(seat, to)
    return seat


def _check(seat: Enrolment, to: Cohort, origin: int) -> None:
    taken = Enrolment.objects.filter(user=seat.user, cohort=to, state=Enrolment.State.ACTIVE).exists()
    same = seat.cohort_id == to.pk or seat.cohort_id != origin  # moved by somebody else a moment ago
    if seat.state != Enrolment.State.ACTIVE or seat.cohort.course_id != to.course_id or same or taken or not is_open(to):
        raise CannotTransfer


def _move_place(seat: Enrolment, to: Cohort) -> None:
    community.leave(source=f"enrolment:{seat.pk}")
    if space := Space.objects.filter(about=to.seat_ref).first():
        community.join(user=seat.user, space=space, role="member", source=f"enrolment:{seat.pk}")


def _tell(seat: Enrolment, to: Cohort) -> None:
    body = _("Your class is now %(class)s. What you have done, your homework and your certificate came along.")
    notify(
        user=seat.user,
        kind="course",
        key=f"transfer:{seat.pk}:{to.pk}:{now():%Y%m%d%H%M%S}",
        gate=to.seat_ref,
        url=reverse("courses:learn"),
        words=Words(_("You are in another class: %(course)s"), body, {"course": to.course.title, "class": to.name}),
    )


def seat_ref_of(*, source: str, cohort: Cohort) -> str:
    """The stock item of the seat that `source` bought in `cohort`, wherever it was moved since."""
    moved = Enrolment.objects.filter(source=source, bought=cohort).select_related("cohort").order_by("-pk").first()
    return moved.cohort.seat_ref if moved else cohort.seat_ref
