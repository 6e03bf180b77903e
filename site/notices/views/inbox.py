"""The inbox. Nobody reads another's: a notice that is not one's own is a missing one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from kit.paths import without_language
from notices import flows, gates, reads
from notices.models import Notice

ICONS = {
    "community": "chat",
    "course": "book",
    "lesson": "book",
    "homework": "mic",
    "order": "bag",
    "shipment": "truck",
    "certificate": "certificate",
}


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def inbox(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    notices, older = reads.inbox(request.user, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    for notice in notices:
        notice.icon = ICONS.get(notice.kind.partition(".")[0], "bell")  # type: ignore[attr-defined]
    context = {"notices": notices, "older": f"?before={older}" if older else "", "notice_count": reads.unread_count(request.user)}
    context["is_first"] = not before
    return render(request, "notices/inbox.html", context)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Lead to what the notice is about; it counts as read by its own reader."""
    notice = get_object_or_404(Notice, pk=notice_id, user=request.user)
    if not gates.is_open(notice.gate, request.user):
        raise Http404("closed to this person now")
    flows.settle(user=request.user, keys=[notice.key])
    url = without_language(notice.url)
    is_ours = url.startswith("/") and not url.startswith("//")
    return redirect(get_script_prefix() + url.lstrip("/") if is_ours else reverse("notices:inbox"))


@login_required
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    flows.mark_read(user=request.user)
    return redirect("notices:inbox")
