"""/teach/classes/<class>/live/…: planning sessions, noting who came, giving the recording."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses import flows
from courses.live_forms import LiveForm
from courses.models import LiveSession
from courses.permissions import Can, taught_cohort
from courses.reads.live import attendance_of
from courses.views.teach import teachers_only
from kit.clock import now


@teachers_only
def sessions(request: HttpRequest, cohort_slug: str) -> HttpResponse:
    """The class's sessions, and one more."""
    cohort = taught_cohort(request.user, cohort_slug, Can.RUN_LIVE)
    form = LiveForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        flows.announce_session(cohort=cohort, actor=request.user, **form.times())
        messages.success(request, _("Announced: the class has been told."))
        return redirect("courses:sessions", cohort_slug=cohort.slug)
    context = {"cohort": cohort, "form": form, "sessions": list(cohort.live_sessions.all()), "now": now()}
    return render(request, "courses/teach/sessions.html", context)


@teachers_only
def session(request: HttpRequest, cohort_slug: str, session_id: int) -> HttpResponse:
    """One session: its time and room, who came, its recording, calling it off."""
    cohort = taught_cohort(request.user, cohort_slug, Can.RUN_LIVE)
    row = get_object_or_404(LiveSession, cohort=cohort, pk=session_id)
    form = LiveForm(request.POST if "title" in request.POST else None, cohort=cohort, session=row)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        _act(request, row, form)
        return redirect("courses:session", cohort_slug=cohort.slug, session_id=row.pk)
    context: dict[str, Any] = {"cohort": cohort, "session": row, "form": form, "people": attendance_of(row)}
    return render(request, "courses/teach/session.html", context)


def _act(request: HttpRequest, row: LiveSession, form: LiveForm) -> None:
    if "cancel" in request.POST:
        flows.cancel_session(session=row, actor=request.user)
    elif "attendance" in request.POST:
        present = {int(ident) for ident in request.POST.getlist("present") if ident.isdecimal() and len(ident) < 19}
        flows.mark_attendance(session=row, present=present)
        messages.success(request, _("Saved."))
    elif form.is_bound:
        flows.change_session(session=row, actor=request.user, recording=form.cleaned_data["recording"], **form.times())
        messages.success(request, _("Saved."))
