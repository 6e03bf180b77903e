"""Live updates as the site itself answers them: where the live process is, and the poll of pages that cannot reach it."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from notices.live import feed
from notices.live.app import MOST_WATCHED


@require_safe
@cache_control(private=True, no_store=True)
def live(request: HttpRequest) -> HttpResponse:
    """/live/ belongs to the live process (docs/running.md); where no proxy leads there, this does."""
    if not urlsplit(settings.LIVE_URL).netloc:
        return HttpResponse("No live process here: poll.", content_type="text/plain", status=503, headers={"Retry-After": "20"})
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(settings.LIVE_URL + (f"?{query}" if query else ""))


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def state(request: HttpRequest) -> HttpResponse:
    """What an open page compares with what it shows, every 20 s: unread notices, and the values of what it watches."""
    watched = request.GET.getlist("watch")[:MOST_WATCHED]
    return JsonResponse(feed.state_of(request.user, watched))  # type: ignore[arg-type]
