"""Codes and invitations of a space, for its owners."""

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import door, flows
from community.access import Standing
from community.errors import NotSound, Refused
from community.flows.telling import space_path
from community.models import Pass
from community.space_forms import InviteForm, LinkForm, PassForm
from community.views.common import said
from community.views.space_settings import owners_only

MOST_SHOWN = 100
FORMS: dict[str, type[Form]] = {"code": PassForm, "link": LinkForm, "email": InviteForm}


@owners_only
def passes(request: HttpRequest, standing: Standing) -> HttpResponse:
    """`make` code | link | email."""
    wish = request.POST.get("make", "")
    forms = {kind: made(request.POST if wish == kind else None, prefix=kind) for kind, made in FORMS.items()}
    form = forms.get(wish)
    if form is not None and form.is_valid():
        try:
            _make(request, standing, wish, form)
            return redirect("community:passes", standing.space.slug)
        except (NotSound, Refused) as error:
            form.add_error(None, said(error))
    rows = Pass.objects.filter(space=standing.space, ended_at=None).order_by("-pk")[:MOST_SHOWN]
    live = [one for one in rows if door.is_live(one)]
    for one in live:
        one.address = f"{settings.SITE_URL}{space_path(standing.space)}join/?key={one.secret}"  # type: ignore[attr-defined]
    context = {"space": standing.space, "standing": standing, "live": live, "forms": forms, "here": "passes"}
    status = 400 if form is not None and form.errors else 200
    return render(request, "community/space/passes.html", context, status=status)


@require_POST
@owners_only
def end_pass(request: HttpRequest, standing: Standing, pass_id: int) -> HttpResponse:
    flows.end_pass(by=request.user, one=get_object_or_404(Pass, pk=pass_id, space=standing.space))
    return redirect("community:passes", standing.space.slug)


def _make(request: HttpRequest, standing: Standing, kind: str, form: Form) -> None:
    values = {"by": request.user, "space": standing.space}
    if kind == "email":
        flows.invite(**values, email=form.cleaned_data["email"])
        messages.success(request, _("Invited."))
    elif kind == "link":
        flows.make_link(**values, **form.limits())  # type: ignore[attr-defined]
    else:
        flows.make_code(**values, code=form.cleaned_data["code"], **form.limits())  # type: ignore[attr-defined]
