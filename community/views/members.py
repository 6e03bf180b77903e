"""Who is in a space, with roles; given and taken by its owners."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from community import flows
from community.access import Standing
from community.errors import NotSound, Refused
from community.models import Membership
from community.reads import places
from community.space_forms import RoleForm
from community.views.common import in_space, said, status_of

Role = Membership.Role
WORDS: dict[Any, Any] = {
    Role.READER: gettext_lazy("Reader: reads and thanks, does not write"),
    Role.MEMBER: gettext_lazy("Member: writes"),
    Role.HELPER: gettext_lazy("Helper: answers newcomers, says which reply is the answer"),
    Role.MODERATOR: gettext_lazy("Moderator: decides about reports and applications, pins, closes and moves topics"),
    Role.OWNER: gettext_lazy("Owner: everything, also settings, ways in and roles"),
}


@login_required
@require_safe
@in_space
def members(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Members see each other; a hidden list is there for who moderates alone."""
    if not standing.may_see_members:
        raise Http404("no list for you")
    before = request.GET.get("before", "")
    role = request.GET.get("role", "")
    page = places.members(standing.space, before=int(before) if before.isdecimal() and len(before) < 19 else None, role=role)
    context = {
        "space": standing.space,
        "standing": standing,
        "page": page,
        "role": role,
        "roles": Role.choices,
        "here": "members",
    }
    return render(request, "community/space/members.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@in_space
def member(request: HttpRequest, standing: Standing, place_id: int) -> HttpResponse:
    """One member's role; `remove` ends the place. For the space's owners."""
    if not standing.may_govern:
        raise Http404("not an owner here")
    place = Membership.objects.select_related("user", "space").filter(pk=place_id, space=standing.space, ended_at=None).first()
    if place is None:
        raise Http404("no such member")
    form = RoleForm(request.POST or None, words=WORDS, initial={"role": place.role})
    status = 200
    if request.method == "POST":
        try:
            if "remove" in request.POST:
                flows.remove_member(by=request.user, membership=place, reason=request.POST.get("reason", ""))
                messages.success(request, _("%(name)s has no place here any more.") % {"name": place.user.display_name})
                return redirect("community:members", standing.space.slug)
            if form.is_valid():
                flows.set_role(by=request.user, membership=place, role=form.cleaned_data["role"])
                messages.success(request, _("Saved."))
                return redirect("community:members", standing.space.slug)
            status = 400
        except (Refused, NotSound) as error:
            status = status_of(error)
            form.add_error(None, said(error))
    context = {"space": standing.space, "standing": standing, "place": place, "form": form}
    return render(request, "community/space/member.html", context, status=status)
