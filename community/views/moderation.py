"""For those who moderate this very space; to everyone else these addresses do not exist."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import access, flows, reads
from community.access import Standing
from community.forms import ReasonForm
from community.views.common import in_space


@login_required
@in_space
def remove(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    _moderator(standing)
    post = access.post_for(standing, topic_id, no)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        flows.remove_post(by=request.user, post=post, reason=form.cleaned_data["reason"])
        messages.success(request, _("Removed. The author has been told why."))
        if no == 1:
            return redirect("community:space", standing.space.slug)
        return redirect(reads.post_path(post.topic, no))
    context = {"space": standing.space, "topic": post.topic, "post": post, "form": form, "asks": "remove"}
    return render(request, "community/reason.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@in_space
def keep(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    _moderator(standing)
    flows.keep_post(by=request.user, post=access.post_for(standing, topic_id, no))
    return redirect("community:moderation", standing.space.slug)


@login_required
@require_POST
@in_space
def set_state(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    """One of pin, unpin, lock, unlock; or move with `space` (a slug)."""
    _moderator(standing)
    topic = access.topic_for(standing, topic_id)
    wish = request.POST.get("do", "")
    if wish in ("pin", "unpin"):
        flows.set_pinned(by=request.user, topic=topic, on=wish == "pin")
    elif wish in ("lock", "unlock"):
        flows.set_locked(by=request.user, topic=topic, on=wish == "lock")
    elif wish == "move":
        target = access.standing_for(request.user, request.POST.get("space", ""))
        _moderator(target)
        topic = flows.move_topic(by=request.user, topic=topic, space=target.space)
    return redirect(topic.path)


def _moderator(standing: Standing) -> None:
    if not standing.may_moderate:
        raise Http404("not a moderator here")
