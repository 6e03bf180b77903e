"""/community/<space>/join/: the door of a space, and for members its rules and what they are interested in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community import flows, ways
from community.door import Door, door_for
from community.errors import NotSound, Refused, TooFast
from community.models import Application
from community.reads import places
from community.space_forms import DoorForm
from community.views.common import said, status_of, with_retry


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, space_slug: str) -> HttpResponse:
    """Looking changes nothing. What came back from the form is sent to the one flow of this way in."""
    try:
        door = door_for(request.user, space_slug, request.GET.get("key", "") or request.POST.get("key", ""))
    except Http404:
        if request.user.is_authenticated or request.method == "POST":
            raise
        return redirect_to_login(request.get_full_path())
    if request.method == "POST" and not door.is_known:
        return redirect_to_login(request.get_full_path())
    form = _form(request, door)
    if request.method == "POST" and "withdraw" in request.POST and door.application is not None:
        flows.withdraw_application(user=request.user, application=door.application)
        return redirect("community:join", space_slug)
    status, error = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                return _enter(request, door, form)
            except (Refused, NotSound, TooFast) as raised:
                error, status = raised, status_of(raised)
                form.add_error(None, said(raised))
    return _page(request, door, form, status, error)


def _form(request: HttpRequest, door: Door) -> DoorForm:
    chosen = places.interests_in(request.user, door.space) if door.is_member else []
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return DoorForm(*sent, door=door, chosen=chosen)


def _enter(request: HttpRequest, door: Door, form: DoorForm) -> HttpResponse:
    common: dict[str, Any] = {"user": request.user, "space": door.space}
    if door.is_member:
        if form.cleaned_data.get("accept"):
            flows.accept_rules(**common, accepted=form.accepted)
        flows.choose_interests(**common, interests=form.interests)
        return redirect("community:space", door.space.slug)
    common |= {"accepted": form.accepted, "interests": form.interests}
    if door.way == "answers":
        flows.apply(**common, answers=form.answers, proof=form.cleaned_data.get("proof"))
        messages.success(request, _("Sent. You hear from the moderators as soon as they have looked at it."))
        return redirect("community:join", door.space.slug)
    if door.way == "code":
        flows.join_with_code(**common, code=form.cleaned_data["code"])
    elif door.invitation is not None:
        flows.join_with_invitation(**common, secret=door.invitation.secret)
    else:
        flows.join_by_oneself(**common)
    messages.success(request, _("Welcome. Say hello in a post of your own."))
    return redirect("community:space", door.space.slug)


def _page(request: HttpRequest, door: Door, form: DoorForm, status: int, error: Exception | None) -> HttpResponse:
    waits = door.application is not None and door.application.state == Application.State.OPEN
    context = {
        "space": door.space,
        "door": door,
        "form": form,
        "way": door.way,
        "waits": waits,
        "can_enter": door.is_member or door.way in ("join", "invitation", "code", "answers"),
        "way_of": ways.name_of(door.space.way_of) if door.space.way_of else "",
        "key": door.invitation.secret if door.invitation else "",
        "was_refused": door.application is not None and door.application.state == Application.State.REFUSED,
        "from_board": door.standing is not None,
    }
    response = render(request, "community/space/door.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    # The address may hold an invitation: nobody else's page learns it.
    response.headers["Referrer-Policy"] = "same-origin"
    return with_retry(response, error) if error else response
