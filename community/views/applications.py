"""Applications to a space, for those who moderate this very space; to everyone else these addresses do not exist."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import flows
from community.access import Standing
from community.errors import Refused
from community.models import Application
from community.reads import places
from community.views.common import in_space, refusal
from kit.storage import presigned_address

PROOF_SECONDS = 120


@login_required
@require_safe
@in_space
def applications(request: HttpRequest, standing: Standing) -> HttpResponse:
    _moderator(standing)
    context = {"space": standing.space, "standing": standing, "here": "applications"}
    context["applications"] = places.waiting_applications(standing.space)
    return render(request, "community/space/applications.html", context)


@login_required
@require_safe
@in_space
def application(request: HttpRequest, standing: Standing, application_id: int) -> HttpResponse:
    found = _waiting(standing, application_id)
    context = {"space": standing.space, "standing": standing, "application": found, "is_own": found.user_id == request.user.pk}
    return render(request, "community/space/application.html", context)


@login_required
@require_safe
@in_space
def proof(request: HttpRequest, standing: Standing, application_id: int) -> HttpResponse:
    """A short-lived address of the document, as long as it waits for the decision."""
    found = _waiting(standing, application_id)
    if not found.proof_key:
        raise Http404("no document")
    return HttpResponseRedirect(presigned_address(found.proof_key, seconds=PROOF_SECONDS))


@login_required
@require_POST
@in_space
def decide(request: HttpRequest, standing: Standing, application_id: int) -> HttpResponse:
    """`do` accept | refuse, with a reason for the applicant. What was decided already stays so."""
    _moderator(standing)
    found = Application.objects.filter(pk=application_id, space=standing.space).first()
    if found is None:
        raise Http404("no such application")
    wish = request.POST.get("do", "")
    if wish not in ("accept", "refuse"):
        return redirect("community:application", standing.space.slug, found.pk)
    try:
        flows.decide(by=request.user, application=found, accept=wish == "accept", reason=request.POST.get("reason", ""))
    except Refused as error:
        return refusal(request, error)
    messages.success(request, _("Decided. Answers and proof are deleted, and the person is told."))
    return redirect("community:applications", standing.space.slug)


def _moderator(standing: Standing) -> None:
    if not standing.may_moderate:
        raise Http404("not a moderator here")


def _waiting(standing: Standing, application_id: int) -> Application:
    _moderator(standing)
    rows = Application.objects.select_related("user", "space").filter(space=standing.space, state=Application.State.OPEN)
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise Http404("no such application waits")
    return found
