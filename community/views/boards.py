"""The spaces a person has, a space's board, joining and leaving."""

from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from community import flows, reads
from community.access import Standing
from community.door import door_for
from community.flows.governing import may_make
from community.models import Topic
from community.reads.following import watches_space
from community.reads.moderation import waiting_of
from community.reads.places import spaces_to_ask_at
from community.things import stamp
from community.views.common import in_space
from notices.reads import unread_count


@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    mine = reads.spaces_of(request.user) if request.user.is_authenticated else []
    context = {
        "mine": mine,
        "public": reads.public_spaces(mine),
        "doors": spaces_to_ask_at(mine),
        "may_make": request.user.is_staff and may_make(request.user) if request.user.is_authenticated else False,
        "notice_count": unread_count(request.user),
    }
    return render(request, "community/spaces.html", context)


def _to_the_door(request: HttpRequest, slug: str) -> HttpResponse | None:
    """A stranger is led to the door of a space that has one for them; of every other they learn nothing."""
    try:
        door_for(request.user, slug)
    except Http404:
        return None
    return redirect("community:join", slug)


@require_safe
@partial(in_space, closed=_to_the_door)
def space(request: HttpRequest, standing: Standing) -> HttpResponse:
    kind = request.GET.get("kind", "")
    page = reads.board(standing.space, request.user, before=request.GET.get("before", ""), kind=kind, standing=standing)
    context = {
        "space": standing.space,
        "standing": standing,
        "page": page,
        "kind": kind,
        "kinds": Topic.Kind.choices,
        "people": reads.space_people(standing.space),
        "waiting": waiting_of(standing, None),
        "is_watched": watches_space(request.user, standing.space),
        "older": "?" + urlencode({"kind": kind, "before": page.older}) if page.older else "",
        "is_first": "before" not in request.GET,
        "no_kind": not kind,
        "shown_at": _shown_at(page) if request.user.is_authenticated and not kind and "before" not in request.GET else None,
        "notice_count": unread_count(request.user),
    }
    return render(request, "community/board.html", context)


def _shown_at(page: reads.BoardPage) -> int:
    """When the newest post on the board was written, for open boards (notices.live)."""
    return max((stamp(topic.last_post_at) for topic in [*page.pinned, *page.topics]), default=0)


@login_required
@require_POST
@in_space
def leave(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Only a place that one took oneself is given up here: a seat's place goes with the seat."""
    if standing.membership is None or not standing.may_leave:
        raise Http404("nothing to leave")
    flows.leave(user=request.user, space=standing.space)
    return redirect("community:spaces")


@login_required
@require_POST
@in_space
def mark_read(request: HttpRequest, standing: Standing) -> HttpResponse:
    flows.mark_space_read(user=request.user, space=standing.space)
    return redirect("community:space", standing.space.slug)
