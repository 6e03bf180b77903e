"""Live sessions as the class, the team and calendars see them."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from courses.models import Attendance, Enrolment, LiveSession
from courses.permissions import Can, taught_courses, teaches
from kit.clock import now
from kit.ics import Event

OPENS = timedelta(minutes=15)
KEPT = timedelta(days=90)


def session_for(user: Any, pk: int) -> tuple[LiveSession, Enrolment | None]:
    """A session and the person's live seat in its class (None: of the team). Http404 for missing and foreign alike."""
    session = get_object_or_404(LiveSession.objects.select_related("cohort__course", "recording"), pk=pk)
    seat = Enrolment.objects.filter(user=user, cohort=session.cohort_id, state=Enrolment.State.ACTIVE).first()
    if seat is None and not teaches(user, session.cohort.course, Can.READ):
        raise Http404
    return session, seat


def way_in(session: LiveSession) -> str:
    """The room's address near the session's time, '' otherwise: a link that leaks early leads strangers in."""
    near = session.starts_at - OPENS <= now() <= session.ends_at
    return session.join_url if near and session.cancelled_at is None else ""


def sessions_of(user: Any) -> QuerySet[LiveSession]:
    """Of the person's live seats and of the courses whose sessions they run; those of the last 90 days and to come."""
    seats = Enrolment.objects.filter(user=user, state=Enrolment.State.ACTIVE).values("cohort")
    mine = Q(cohort__in=seats) | Q(cohort__course__in=taught_courses(user, Can.RUN_LIVE))
    rows = LiveSession.objects.filter(mine, starts_at__gte=now() - KEPT)
    return rows.select_related("cohort__course").order_by("starts_at", "pk")[:500]


def as_event(session: LiveSession) -> Event:
    """For a calendar: with the page's address, never the room's."""
    host = settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
    return Event(
        uid=f"live-{session.pk}@{host}",
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        title=session.title,
        url=settings.SITE_URL.rstrip("/") + reverse("courses:live", args=[session.pk]),
        text=f"{session.cohort.course.title} · {session.cohort.name}",
        sequence=session.sequence,
        changed_at=session.changed_at,
        is_cancelled=session.cancelled_at is not None,
    )


def next_sessions(cohorts: Iterable[int]) -> dict[int, LiveSession]:
    """Cohort id → its next session that is not over and not called off. One query."""
    found: dict[int, LiveSession] = {}
    rows = LiveSession.objects.filter(cohort__in=list(cohorts), cancelled_at=None, starts_at__gte=now() - timedelta(hours=12))
    for row in rows:
        if row.ends_at >= now():
            found.setdefault(row.cohort_id, row)
    return found


def attendance_of(session: LiveSession) -> list[tuple[Enrolment, Attendance | None]]:
    """The class's live seats by name, each with what is known. Two queries."""
    known = {row.enrolment_id: row for row in session.attendance.all()}
    seats = session.cohort.enrolments.filter(state=Enrolment.State.ACTIVE).select_related("user").order_by("user__name", "pk")
    return [(seat, known.get(seat.pk)) for seat in seats]
