"""The moderators' desk of a space, and of all that one moderates; what an author says to a removal; distance between people."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import public_profile
from accounts.models import User
from accounts.roles import oversees
from community import flows
from community.access import Standing
from community.flows.appeals import may_decide
from community.forms import AppealForm, GuardForm, TimeOutForm
from community.models import Block, Guard, HeldPost, Membership, Mute, Removal, TimeOut
from community.reads import moderation as reads
from community.views.common import REFUSALS, in_space, said
from kit.clock import now


@login_required
@require_safe
def everywhere(request: HttpRequest) -> HttpResponse:
    """What waits in all the spaces that one moderates; to everyone else the page does not exist."""
    found = reads.waiting_everywhere(request.user, oversees(request.user))
    if not found and not oversees(request.user):
        raise Http404("moderates nothing")
    return render(request, "community/moderation/everywhere.html", {"found": found})


@login_required
@require_safe
@in_space
def desk(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Everything that waits in this space, with what belongs to it."""
    _moderator(standing)
    appeals = list(reads.appeals_in(standing.space))
    for removal in appeals:
        removal.is_mine = may_decide(request.user, removal)  # type: ignore[attr-defined]
    context = {
        "space": standing.space,
        "held": reads.held_in(standing.space),
        "posts": reads.reported_posts(standing.space),
        "appeals": appeals,
        "time_outs": reads.time_outs_in(standing.space),
    }
    return render(request, "community/moderation/desk.html", context)


@login_required
@require_safe
@in_space
def log(request: HttpRequest, standing: Standing) -> HttpResponse:
    _moderator(standing)
    rows = reads.log_of(standing.space)
    people = User.objects.in_bulk({row.actor_id for row in rows if row.actor_id})
    lines = [(row, people.get(row.actor_id or 0)) for row in rows]
    return render(request, "community/moderation/log.html", {"space": standing.space, "lines": lines})


@login_required
@in_space
def guard(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What this space holds back and refuses."""
    _moderator(standing)
    known = Guard.objects.filter(space=standing.space).first() or Guard(space=standing.space)
    form = GuardForm(request.POST or None, instance=known)
    if request.method == "POST" and form.is_valid():
        flows.set_guard(by=request.user, space=standing.space, values=form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("community:guard", standing.space.slug)
    context = {"space": standing.space, "form": form}
    return render(request, "community/moderation/guard.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@in_space
def decide_held(request: HttpRequest, standing: Standing, held_id: int) -> HttpResponse:
    """`do` publish | decline with `reason`."""
    _moderator(standing)
    row = get_object_or_404(HeldPost, pk=held_id, space=standing.space)
    try:
        if request.POST.get("do") == "publish":
            flows.publish_held(by=request.user, held=row)
        else:
            flows.decline_held(by=request.user, held=row, reason=request.POST.get("reason", ""))
        messages.success(request, _("Done. The author has been told."))
    except REFUSALS as error:
        messages.error(request, said(error))
    return redirect("community:moderation", standing.space.slug)


@login_required
@in_space
@require_http_methods(["GET", "HEAD", "POST"])
def time_out(request: HttpRequest, standing: Standing, user_id: int) -> HttpResponse:
    _moderator(standing)
    place = get_object_or_404(Membership.objects.select_related("user"), space=standing.space, user=user_id, ended_at=None)
    form = TimeOutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        until = now() + timedelta(days=form.cleaned_data["days"])
        try:
            flows.set_time_out(
                by=request.user, space=standing.space, user=place.user, until=until, reason=form.cleaned_data["reason"]
            )
            return redirect("community:moderation", standing.space.slug)
        except REFUSALS as error:
            form.add_error(None, said(error))
    context = {"space": standing.space, "form": form, "person": place.user}
    return render(request, "community/moderation/time_out.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@in_space
def end_time_out(request: HttpRequest, standing: Standing, row_id: int) -> HttpResponse:
    _moderator(standing)
    flows.end_time_out(by=request.user, row=get_object_or_404(TimeOut, pk=row_id, space=standing.space))
    return redirect("community:moderation", standing.space.slug)


@login_required
@in_space
@require_http_methods(["GET", "HEAD", "POST"])
def removals(request: HttpRequest, standing: Standing) -> HttpResponse:
    """One's own removed posts with the reasons, and the word against one of them."""
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = get_object_or_404(
            Removal, pk=form.cleaned_data["removal"], post__author=request.user, post__topic__space=standing.space
        )
        try:
            flows.appeal_removal(by=request.user, removal=row, text=form.cleaned_data["text"])
            messages.success(request, _("Sent. Another moderator hears it, and you are told."))
            return redirect("community:removals", standing.space.slug)
        except REFUSALS as error:
            form.add_error(None, said(error))
    rows = reads.removals_against(request.user, standing.space)
    context = {"space": standing.space, "rows": rows, "form": form}
    return render(request, "community/moderation/removals.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@in_space
def decide_appeal(request: HttpRequest, standing: Standing, removal_id: int) -> HttpResponse:
    """`do` restore | keep, with `reason`."""
    _moderator(standing)
    row = get_object_or_404(Removal, pk=removal_id, post__topic__space=standing.space)
    restore = request.POST.get("do") == "restore"
    try:
        flows.decide_appeal(by=request.user, removal=row, restore=restore, answer=request.POST.get("reason", ""))
        messages.success(request, _("Done. The author has been told."))
    except REFUSALS as error:
        messages.error(request, said(error))
    return redirect("community:moderation", standing.space.slug)


@require_safe
@in_space
def helpers(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Who helps here: answers accepted and thanks within a month, for everybody who reads the space."""
    return render(
        request, "community/moderation/helpers.html", {"space": standing.space, "rows": reads.who_helps(standing.space)}
    )


@login_required
@require_POST
def distance(request: HttpRequest, handle: str) -> HttpResponse:
    """`kind` mute | block, empty for neither."""
    profile: Any = public_profile(request.user, handle)
    kind = request.POST.get("kind", "")
    change = {"mute": flows.mute, "block": flows.block}.get(kind, flows.end_distance)
    change(user=request.user, person=profile.user)
    return redirect("people:person", handle=profile.handle)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def distances(request: HttpRequest) -> HttpResponse:
    """Whom one has muted and blocked; POST `person` (an id) takes it back."""
    person = request.POST.get("person", "")
    if request.method == "POST":
        if person.isdecimal():
            flows.end_distance(user=request.user, person=User(pk=int(person)))
        return redirect("community:distances")
    mutes = Mute.objects.filter(user=request.user.pk).select_related("person__profile").order_by("-since")[:500]
    blocks = Block.objects.filter(user=request.user.pk).select_related("person__profile").order_by("-since")[:500]
    rows = [("mute", row.person) for row in mutes] + [("block", row.person) for row in blocks]
    return render(request, "community/moderation/distances.html", {"rows": rows})


def _moderator(standing: Standing) -> None:
    if not standing.may_moderate:
        raise Http404("not a moderator here")
