"""The owners' pages of a space: settings, codes and invitations, calendar, copy, archive; and making one."""

from collections.abc import Callable
from functools import wraps
from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import flows
from community.access import Standing
from community.errors import NotSound, Refused
from community.flows.governing import may_make
from community.flows.space_rules import forbidden_in
from community.models import Space
from community.space_forms import CopyForm, NewSpaceForm, SpaceForm
from community.views.common import in_space, refusal, said

View = Callable[..., HttpResponse]


def owners_only(view: View) -> View:
    """Hands the view the Standing of an owner of the space; to everyone else the address does not exist."""

    @login_required
    @in_space
    @wraps(view)
    def guarded(request: HttpRequest, standing: Standing, **kwargs: Any) -> HttpResponse:
        if not standing.may_govern:
            raise Http404("not an owner here")
        return view(request, standing, **kwargs)

    return guarded


@login_required
def new_space(request: HttpRequest) -> HttpResponse:
    """For the site's owner and its teachers."""
    if not may_make(request.user):
        raise Http404("only owner and teachers")
    form = NewSpaceForm(request.POST or None, user=request.user)

    def make() -> Space:
        return flows.make_space(by=request.user, slug=_slug(form), plan=form.plan())

    return _saved(request, form, make) or render(request, "community/space/new.html", {"form": form}, status=_status(form))


@owners_only
def settings(request: HttpRequest, standing: Standing) -> HttpResponse:
    form = SpaceForm(request.POST or None, user=request.user, space=standing.space)

    def change() -> Space:
        plan = form.plan()
        return flows.change_space(by=request.user, space=standing.space, plan=plan)

    context = {
        "space": standing.space,
        "standing": standing,
        "form": form,
        "here": "space_settings",
        "may_copy": may_make(request.user),
    }
    answer = _saved(request, form, change, "community:space_settings")
    return answer or render(request, "community/space/settings.html", context, status=_status(form))


@owners_only
def copy(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Another space like this one: rules, roles, pinned topics, calendar."""
    if not may_make(request.user):
        raise Http404("only owner and teachers")
    form = CopyForm(request.POST or None)

    def clone() -> Space:
        name = form.cleaned_data["name"]
        return flows.clone_space(by=request.user, space=standing.space, slug=_slug(form), name=name)

    context = {"space": standing.space, "standing": standing, "form": form, "here": "copy_space"}
    return _saved(request, form, clone) or render(request, "community/space/copy.html", context, status=_status(form))


@require_POST
@owners_only
def archive(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`on` yes archives, no opens again."""
    flows.set_archived(by=request.user, space=standing.space, on=request.POST.get("on") == "yes")
    return redirect("community:space", standing.space.slug)


@login_required
@require_POST
@in_space
def hint(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What the editor says while one types: why this may not stand here, or nothing."""
    words = f"{request.POST.get('title', '')}\n\n{request.POST.get('source', '')}"[:25_000]
    reason = forbidden_in(standing.space, words, request.POST.get("offer", ""))
    return render(request, "community/space/hint_text.html", {"reason": reason})


def _saved(request: HttpRequest, form: Form, act: Callable[[], Space], then: str = "community:space") -> HttpResponse | None:
    """Do it where the form is sound, and go on; None where the page is to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        space = act()
    except (NotSound, Refused) as error:
        if isinstance(error, Refused):
            return refusal(request, error)
        form.add_error(None, said(error))
        return None
    messages.success(request, _("Saved."))
    return redirect(then, space.slug)


def _status(form: Form) -> int:
    return 400 if form.errors else 200


def _slug(form: Form) -> str:
    """The address that was asked for, else one made of the name, else one made up (Chinese names)."""
    return form.cleaned_data["slug"].lower() or slugify(form.cleaned_data["name"])[:70] or f"space-{token_hex(3)}"
