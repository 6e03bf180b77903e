"""Following a person, a space or a topic, or no more; and the page of whom and what one follows."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public_profile
from community import access, flows
from community.access import Standing
from community.reads.following import KINDS, followed
from community.views.common import in_space
from notices.reads import unread_count


@require_POST
@login_required
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    """`follow` yes | no. A page that is not public is not there, its owner's own excepted. `back`: to the list of all."""
    profile = public_profile(request.user, handle)
    change = flows.follow if request.POST.get("follow") == "yes" else flows.unfollow
    change(user=request.user, person=profile.user)
    return redirect("community:following") if "back" in request.POST else redirect("people:person", handle=profile.handle)


@login_required
@require_POST
@in_space
def watch_space(request: HttpRequest, standing: Standing) -> HttpResponse:
    change = flows.watch if request.POST.get("watch") == "yes" else flows.unwatch
    change(user=request.user, space=standing.space)
    return _back(request, "space") or redirect("community:space", standing.space.slug)


@login_required
@require_POST
@in_space
def watch_topic(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    topic = access.topic_for(standing, topic_id)
    change = flows.watch if request.POST.get("watch") == "yes" else flows.unwatch
    change(user=request.user, topic=topic)
    return _back(request, "topic") or redirect(topic.path)


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """`show` person | space | topic; keyset pages by `before`."""
    kind = request.GET.get("show", "")
    kind = kind if kind in KINDS else "person"
    before = request.GET.get("before", "")
    page = followed(request.user, kind, int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {
        "kind": kind,
        "kinds": [(name, label, name == kind) for name, label in KINDS.items()],
        "page": page,
        "older": f"?show={kind}&before={page.older}" if page.older else "",
        "notice_count": unread_count(request.user),
    }
    response = render(request, "community/following.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _back(request: HttpRequest, kind: str) -> HttpResponse | None:
    """To the list, where the button was pressed there."""
    if "back" not in request.POST:
        return None
    response = redirect("community:following")
    response["Location"] += f"?show={kind}"
    return response
