"""A seat in an event: taking it, giving it back, standing in line, the ticket, the calendar entry."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import event_access
from community.errors import Refused
from community.flows import event_waits as line
from community.flows import tickets as flows
from community.models import Event
from community.reads import events as reads
from community.ticket_codes import qr_svg
from community.views.events import finds
from kit.clock import now
from kit.ics import calendar_text
from kit.storage import presigned_address


@login_required
@require_POST
@finds(event_access.event_for)
def seat(request: HttpRequest, event: Event) -> HttpResponse:
    """Take a free seat, or with `back` give it back."""
    try:
        if "back" in request.POST:
            flows.give_seat_back(user=request.user, event=event)
            messages.success(request, _("Your seat was given back."))
            return redirect(event.path)
        flows.reserve_seat(user=request.user, event=event)
    except flows.Full:
        messages.error(request, _("The last seat has just gone. You may stand in line."))
        return redirect(event.path)
    except Refused as error:
        messages.error(request, str(error))
        return redirect(event.path)
    return redirect("community:ticket", event.pk)


@login_required
@require_POST
@finds(event_access.event_for)
def wait(request: HttpRequest, event: Event) -> HttpResponse:
    """Stand in line, or with `leave` leave it."""
    if "leave" in request.POST:
        line.leave_event_line(user=request.user, event=event)
        return redirect(event.path)
    try:
        line.join_event_line(user=request.user, event=event)
    except line.SeatsFree:
        messages.info(request, _("There are seats: nobody has to wait."))
    except Refused:
        messages.error(request, _("There is no line for this event."))
    return redirect(event.path)


@login_required
@require_safe
@finds(event_access.event_for)
def ticket(request: HttpRequest, event: Event) -> HttpResponse:
    """One's own ticket, to show at the door; without one, as if it did not exist."""
    own = event_access.ticket_of(request.user, event)
    if own is None:
        raise Http404("no ticket")
    return render(request, "community/events/ticket.html", {"event": event, "ticket": own, "code": qr_svg(own)})


@require_safe
@finds(event_access.event_for)
def calendar_file(request: HttpRequest, event: Event) -> HttpResponse:
    text = calendar_text(name=event.title, events=[reads.as_calendar_event(event)], at=now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{event.pk}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@finds(event_access.event_for)
def picture(request: HttpRequest, event: Event, picture_id: int) -> HttpResponse:
    """A picture of the report: a short-lived address, for who may see the event."""
    return redirect(presigned_address(get_object_or_404(event.pictures, pk=picture_id).key))
