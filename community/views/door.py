"""/events/<id>/door/: letting people in with a phone, and the list of who comes. Scans are sent again where the network
was away: the answer to the same scan is the same.
"""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.portraits import BadPortrait
from community import event_access
from community.errors import NotSound, Refused
from community.event_forms import ReportForm
from community.flows.door import Answer, admit, set_came
from community.flows.event_reports import drop_picture, write_report
from community.forms import new_key
from community.models import Event
from community.reads import events as reads
from community.views.events import finds
from kit.clock import zone


@login_required
@finds(event_access.door_event_for)
def door(request: HttpRequest, event: Event) -> HttpResponse:
    """GET: the camera, the field for a code, the list (`?q=`). POST: one entry; JSON where the page's script asks."""
    if request.method != "POST":
        return _door(request, event, typed=request.GET.get("t", ""))
    chosen = request.POST.get("ticket", "")
    answer = admit(
        by=request.user,
        event=event,
        key=request.POST.get("key", "") or request.headers.get("Idempotency-Key", ""),
        code=request.POST.get("code", ""),
        ticket_id=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None,
        scanned_at=_moment(request.POST.get("at", "")),
    )
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(_as_json(answer, event))
    return _door(request, event, answer=answer)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo else None


def _as_json(answer: Answer, event: Event) -> dict[str, Any]:
    title, text = said(answer, event)
    came = answer.came_at.isoformat() if answer.came_at else ""
    return {
        "state": answer.state,
        "ok": answer.state == "in",
        "ticket": answer.ticket.pk if answer.ticket else None,
        "title": title,
        "text": text,
        "at": came,
    }


def said(answer: Answer, event: Event) -> tuple[str, str]:
    """(name or headline, sentence) for who stands at the door; times by the event's own clock."""
    name = answer.ticket.user.display_name if answer.ticket else ""
    came = answer.came_at.astimezone(zone(event.time_zone)) if answer.came_at else None
    sentences = {
        "in": _("Welcome. In at %(time)s."),
        "already": _("Already in at %(time)s."),
        "unknown": _("This is no ticket of this event."),
        "closed": _("This ticket was given back: it lets nobody in."),
        "cancelled": _("This event was cancelled."),
    }
    return name or _("Unknown ticket"), sentences[answer.state] % {"time": f"{came:%H:%M}" if came else ""}


def _door(request: HttpRequest, event: Event, *, typed: str = "", answer: Answer | None = None) -> HttpResponse:
    query = request.GET.get("q", "")
    place = zone(event.time_zone)
    guests = [(guest, guest.came_at.astimezone(place) if guest.came_at else None) for guest in reads.guests(event, query)]
    context = {
        "event": event,
        "counts": reads.counts_of(event),
        "guests": guests,
        "is_cut": len(guests) == reads.DOOR_ROWS,
        "query": query,
        "typed": typed[:300],
        "key": new_key(),
        "answer": (answer.state, *said(answer, event)) if answer else None,
        "runs": event_access.may_run(request.user, event),
    }
    return render(request, "community/events/door.html", context)


@login_required
@require_POST
@finds(event_access.run_event_for)
def came(request: HttpRequest, event: Event) -> HttpResponse:
    """What the organiser says about one ticket: `came` yes or no."""
    chosen = request.POST.get("ticket", "")
    if chosen.isdecimal() and len(chosen) < 19:
        set_came(by=request.user, event=event, ticket_id=int(chosen), came=request.POST.get("came") == "yes")
    return redirect("community:door", event.pk)


@login_required
@finds(event_access.run_event_for)
def report(request: HttpRequest, event: Event) -> HttpResponse:
    """/events/<id>/report/: what happened, with pictures and a recording."""
    form = ReportForm(request.POST or None, request.FILES or None, event=event)
    if request.method == "POST" and "drop" in request.POST:
        drop = request.POST["drop"]
        drop_picture(by=request.user, event=event, picture_id=int(drop) if drop.isdecimal() and len(drop) < 19 else 0)
        return redirect("community:event_report", event.pk)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            write_report(
                by=request.user,
                event=event,
                text=data["text"],
                recording_url=data["recording_url"],
                pictures=data["pictures"],
                in_space=data.get("in_space", False),
            )
            messages.success(request, _("Saved."))
            return redirect(event.path)
        except (Refused, NotSound, BadPortrait) as error:
            form.add_error(None, str(error))
    context = {"event": event, "form": form, "pictures": list(event.pictures.all()), "counts": reads.counts_of(event)}
    return render(request, "community/events/report.html", context, status=400 if form.errors else 200)
