"""/learn/live/…: a session's page, the way in, its recording; calendars. Only for the class and its team."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.reads.events import as_calendar_event, calendar_events
from courses import flows
from courses.models import CalendarFeed
from courses.permissions import Can, may
from courses.reads.live import as_event, session_for, sessions_of, way_in
from courses.views.lesson import private
from kit.clock import now
from kit.ics import calendar_text
from kit.storage import presigned_address
from notices.flows import language_of


@private
@login_required
@require_GET
def live(request: HttpRequest, session_id: int) -> HttpResponse:
    """A session: its time in the reader's zone, the button in near its time, the recording afterwards."""
    session, seat = session_for(request.user, session_id)
    context = {
        "session": session,
        "seat": seat,
        "is_open": bool(way_in(session)),
        "is_over": session.ends_at < now(),
        "runs": may(request.user, session.cohort.course, Can.RUN_LIVE),
    }
    return render(request, "courses/live.html", context)


@require_POST
@login_required
def join(request: HttpRequest, session_id: int) -> HttpResponse:
    """Into the room, and into the list of those who came. Not before a quarter of an hour ahead of time."""
    session, seat = session_for(request.user, session_id)
    room = way_in(session)
    if not room:
        return redirect("courses:live", session_id=session.pk)
    if seat is not None:
        flows.note_joined(session=session, enrolment=seat)
    return redirect(room)


@private
@login_required
@require_GET
def recording(request: HttpRequest, session_id: int) -> HttpResponse:
    """Lead to the recording for 15 minutes."""
    session, _seat = session_for(request.user, session_id)
    if session.recording is None:
        raise Http404
    return redirect(presigned_address(session.recording.key))


@private
@login_required
@require_GET
def one(request: HttpRequest, session_id: int) -> HttpResponse:
    """The session as a file for a calendar program."""
    session, _seat = session_for(request.user, session_id)
    return _file(calendar_text(name=session.title, events=[as_event(session)], at=now()), f"live-{session.pk}.ics")


@private
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """One's private calendar address: make one, a new one, or none."""
    if request.method == "POST":
        if "close" in request.POST:
            flows.close_feed(user=request.user)
        else:
            flows.make_feed(user=request.user)
        return redirect("courses:calendar")
    feed = CalendarFeed.objects.filter(user=request.user).first()
    address = request.build_absolute_uri(reverse("courses:feed", args=[feed.token])) if feed else ""
    return render(request, "courses/calendar.html", {"address": address, "sessions": list(sessions_of(request.user))})


@private
@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a private address: no login, for programs cannot; a reset or closed one is not there."""
    row = get_object_or_404(CalendarFeed.objects.select_related("user"), token=token, user__is_active=True)
    with translation.override(language_of(row.user)):
        found = [as_event(each) for each in sessions_of(row.user)]
        found += [as_calendar_event(each) for each in calendar_events(row.user)]
        text = calendar_text(name=_("My calendar"), events=found, at=now())
    return _file(text, "courseyard.ics")


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
