"""Live sessions: announced, moved, called off; who was there; the recording; a person's calendar address."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from accounts.models import User
from courses.models import Attendance, CalendarFeed, Cohort, Enrolment, LiveSession, Media
from kit import audit
from kit.clock import now
from notices.flows import Words, notify_many


@transaction.atomic
def announce_session(
    *, cohort: Cohort, title: str, starts_at: datetime, minutes: int, join_url: str, actor: Any, told: bool = True
) -> LiveSession:
    """A new session; the class is told."""
    values = {"title": title, "starts_at": starts_at, "minutes": minutes, "join_url": join_url}
    session = LiveSession.objects.create(cohort=cohort, changed_at=now(), **values)
    audit.record(actor=actor, action="live.add", target=f"live:{session.pk}", after={"starts_at": starts_at.isoformat()})
    if told:
        _tell(session, _("Live session: %(title)s"))
    return session


@transaction.atomic
def change_session(
    *, session: LiveSession, title: str, starts_at: datetime, minutes: int, join_url: str, recording: Media | None, actor: Any
) -> None:
    """Change a session; the class is told where its time changed. `recording` is a file of the course, or None."""
    row = LiveSession.objects.select_for_update(of=("self",)).select_related("cohort__course").get(pk=session.pk)
    moved = (row.starts_at, row.minutes) != (starts_at, minutes)
    before = {"starts_at": row.starts_at.isoformat()}
    row.title, row.starts_at, row.minutes, row.join_url, row.recording = title, starts_at, minutes, join_url, recording
    row.sequence, row.changed_at = row.sequence + 1, now()
    row.save()
    if moved:
        audit.record(
            actor=actor, action="live.move", target=f"live:{row.pk}", before=before, after={"starts_at": starts_at.isoformat()}
        )
        _tell(row, _("Live session moved: %(title)s"))


@transaction.atomic
def cancel_session(*, session: LiveSession, actor: Any) -> None:
    """Call a session off, once; it stays in calendars as cancelled."""
    row = LiveSession.objects.select_for_update(of=("self",)).select_related("cohort__course").get(pk=session.pk)
    if row.cancelled_at is None:
        row.cancelled_at, row.changed_at, row.sequence = now(), now(), row.sequence + 1
        row.save(update_fields=["cancelled_at", "changed_at", "sequence"])
        audit.record(actor=actor, action="live.cancel", target=f"live:{row.pk}")
        _tell(row, _("Live session called off: %(title)s"))


def _tell(session: LiveSession, title: str) -> None:
    seats = session.cohort.enrolments.filter(state=Enrolment.State.ACTIVE).values("user")
    body = _("%(class)s. The time in your own zone and the way in are on its page.")
    notify_many(
        users=User.objects.filter(pk__in=seats, is_active=True).order_by("pk"),
        kind="course.live",
        key=f"live:{session.pk}:{session.sequence}",
        gate=session.cohort.seat_ref,
        url=reverse("courses:live", args=[session.pk]),
        words=Words(title, body, {"title": session.title, "class": session.cohort.name}),
    )


def note_joined(*, session: LiveSession, enrolment: Enrolment) -> None:
    """The learner pressed "join"; the first time counts."""
    rows = Attendance.objects.filter(session=session, enrolment=enrolment, joined_at=None)
    moment = now()
    if not rows.update(joined_at=moment):
        row = Attendance(session=session, enrolment=enrolment, joined_at=moment)
        Attendance.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def mark_attendance(*, session: LiveSession, present: Collection[int]) -> None:
    """What the host says: of the class's live seats those in `present` (ids) were there, the others were not."""
    seats = session.cohort.enrolments.filter(state=Enrolment.State.ACTIVE).values_list("pk", flat=True)
    rows = [Attendance(session=session, enrolment_id=seat, was_present=seat in present) for seat in seats]
    Attendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["session", "enrolment"], update_fields=["was_present"]
    )


@transaction.atomic
def make_feed(*, user: Any) -> CalendarFeed:
    """A new private address; one made before leads nowhere from now on."""
    values = {"token": secrets.token_urlsafe(32), "made_at": now()}
    return CalendarFeed.objects.update_or_create(user=user, defaults=values)[0]


def close_feed(*, user: Any) -> None:
    """No address leads to the person's calendar any more."""
    CalendarFeed.objects.filter(user=user).delete()
