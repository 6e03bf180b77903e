"""/events/: what comes, one event, making and changing it. Views of an event answer strangers as if it did not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community import access, event_access
from community.errors import NotSound, Refused
from community.event_forms import CancelForm, EventForm
from community.flows import events as flows
from community.models import Event, Space
from community.reads import events as reads
from kit.clock import now
from kit.text import slugify_any
from stock.flows import OutOfStock

View = Callable[..., HttpResponse]
Finder = Callable[[Any, int], Event]


def finds(find: Finder) -> Callable[[View], View]:
    """Hands the view the event in place of its id, as `find` lets this person have it.

    Who is signed out goes to the login, for missing and closed events alike. Nothing of it is kept by a proxy.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, event_id: int, **kwargs: Any) -> HttpResponse:
            try:
                event = find(request.user, event_id)
            except Http404:
                if request.user.is_authenticated or request.method not in ("GET", "HEAD"):
                    raise
                return redirect_to_login(request.get_full_path())
            response = view(request, event, **kwargs)
            response.headers["Cache-Control"] = "private, no-store"
            return response

        return found

    return decorate


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What comes, or `?past=1` what was; `?after=` is the cursor of the next page."""
    past = "past" in request.GET
    space = _space(request)
    page = reads.events_page(request.user, past=past, after=request.GET.get("after", ""), space=space.pk if space else None)
    whose = {"space": space.slug} if space else {}
    context = {
        "page": page,
        "past": past,
        "upcoming": not past,
        "makes": _makes(request.user),
        "space": space,
        "coming_href": "?" + urlencode(whose),
        "past_href": "?" + urlencode(whose | {"past": 1}),
        "more_href": "?" + urlencode(whose | ({"past": 1} if past else {}) | {"after": page.following}),
        "new_href": reverse("community:new_event") + ("?" + urlencode(whose) if whose else ""),
    }
    response = render(request, "community/events/list.html", context)
    if request.user.is_authenticated:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _space(request: HttpRequest) -> Space | None:
    """`?space=<slug>`: the events of one space, which this person may read; else Http404."""
    slug = request.GET.get("space", "")
    return get_object_or_404(access.readable_spaces(request.user), slug=slug) if slug else None


def _makes(user: Any) -> bool:
    return user.is_authenticated and (event_access.may_make(user) or event_access.spaces_to_meet_in(user).exists())


@require_safe
@finds(event_access.event_for)
def event(request: HttpRequest, found: Event, slug: str = "") -> HttpResponse:
    """One event: when, where, a seat or the line, the way in, and afterwards what happened."""
    if slug != slugify_any(found.title):
        return HttpResponsePermanentRedirect(found.path)
    ticket = event_access.ticket_of(request.user, found)
    runs = event_access.may_run(request.user, found)
    context = {
        "event": found,
        "ticket": ticket,
        "wait": reads.own_wait(request.user, found) if ticket is None else None,
        "seats": reads.seats_of(found),
        "counts": reads.counts_of(found) if runs or found.reported_at else None,
        "runs": runs,
        "admits": runs or event_access.may_admit(request.user, found),
        "way_in": reads.way_in(found, ticket, runs=runs),
        "is_over": found.ends_at < now(),
        "has_begun": found.starts_at <= now(),
        "pictures": list(found.pictures.all()) if found.reported_at else [],
    }
    return render(request, "community/events/event.html", context)


@login_required
def new_event(request: HttpRequest) -> HttpResponse:
    if not _makes(request.user):
        raise Http404
    form = EventForm(request.POST or None, user=request.user, initial={"space": _space(request)})
    if request.method == "POST" and form.is_valid():
        try:
            made = flows.create_event(
                by=request.user, space=form.cleaned_data["space"], seats=form.cleaned_data["seats"], facts=form.facts()
            )
            return redirect(made.path)
        except (Refused, NotSound) as error:
            form.add_error(None, str(error))
    return _form(request, form, None)


@login_required
@finds(event_access.run_event_for)
def edit_event(request: HttpRequest, found: Event) -> HttpResponse:
    form = EventForm(request.POST or None, user=request.user, event=found, seats=reads.seats_of(found).total)
    if request.method == "POST" and form.is_valid():
        try:
            flows.change_event(by=request.user, event=found, seats=form.cleaned_data["seats"], facts=form.facts())
            found.refresh_from_db()
            messages.success(request, _("Saved."))
            return redirect(found.path)
        except (Refused, NotSound) as error:
            form.add_error(None, str(error))
        except OutOfStock as short:
            form.add_error("seats", _("%(taken)s seats are taken or held.") % {"taken": short.wanted})
    return _form(request, form, found)


def _form(request: HttpRequest, form: EventForm, found: Event | None) -> HttpResponse:
    context = {"form": form, "event": found, "back": found.path if found else reverse("community:events")}
    return render(request, "community/events/form.html", context, status=400 if form.errors else 200)


@login_required
@finds(event_access.run_event_for)
def cancel_event(request: HttpRequest, found: Event) -> HttpResponse:
    """Calling it off; afterwards the same page lists the orders that wait for a refund."""
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flows.cancel_event(by=request.user, event=found, reason=form.cleaned_data["reason"])
            return redirect("community:cancel_event", found.pk)
        except (Refused, NotSound) as error:
            form.add_error(None, str(error))
    context = {"event": found, "form": form, "counts": reads.counts_of(found)}
    return render(request, "community/events/cancel.html", context, status=400 if form.errors else 200)
