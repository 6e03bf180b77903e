"""/feed/: what those one follows brought and liked."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from community.flows import muted_by
from community.reads import feed as reads
from community.reads.places import interests_of
from notices.reads import unread_count


@never_cache
@login_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """`show`: '' for all, a kind, `liked`, `interests`; keyset pages by `before`."""
    filters = {"": _("All"), **reads.kinds(), reads.LIKED: _("Liked"), reads.INTERESTS: _("My interests")}
    show = request.GET.get("show", "")
    show = show if show in filters else ""
    interests = interests_of(request.user) if show == reads.INTERESTS else []
    muted = sorted(muted_by(request.user))
    page = reads.feed_page(request, show=show, before=request.GET.get("before", ""), interests=interests, muted=muted)
    context = {
        "page": page,
        "show": show,
        "filters": [(label, f"?show={name}" if name else "?", name == show) for name, label in filters.items()],
        "older": "?" + urlencode({"show": show, "before": page.older}) if page.older else "",
        "newest": "" if "before" not in request.GET else f"?show={show}",
        "notice_count": unread_count(request.user),
    }
    return render(request, "community/feed.html", context)
