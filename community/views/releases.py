"""Release notes: what was built, and the wishes that it fulfils."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.roles import OWNER, has_role
from community.errors import NotSound, Refused
from community.feedback_forms import ReleaseForm
from community.flows import feedback as flows
from community.reads import feedback as reads
from community.views.common import said, status_of


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    notes, older = reads.releases(before=int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {"notes": notes, "older": f"?before={older}" if older else "", "is_owner": has_role(request.user, OWNER)}
    return render(request, "community/feedback/releases.html", context)


@login_required
def new_release(request: HttpRequest) -> HttpResponse:
    if not has_role(request.user, OWNER):
        raise PermissionDenied
    form = ReleaseForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            flows.publish_release(
                by=request.user,
                title=values["title"],
                source=values["source"],
                wishes=values["wishes"],
                key=form.sent_key(request.headers.get("Idempotency-Key", "")),
            )
        except (Refused, NotSound) as error:
            status = status_of(error)
            form.add_error(None, said(error))
        else:
            return redirect("community:releases")
    return render(request, "community/feedback/new_release.html", {"form": form}, status=400 if form.errors else status)
