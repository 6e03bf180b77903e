from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kit import searchables
from search import reads


@require_safe
@cache_control(private=True, no_store=True)
def search(request: HttpRequest) -> HttpResponse:
    """One search over every room; each person finds what is open to them now."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[: reads.LONGEST_QUERY]
    kind = request.GET.get("kind", "")
    asked = request.GET.get("page", "1")
    page = min(max(int(asked), 1), reads.LAST_PAGE) if asked.isdecimal() and len(asked) < 4 else 1
    found = reads.results(text, request, kind=kind, page=page)
    context = {
        "text": text,
        "kind": kind,
        "found": found,
        "kinds": [(name, one.label, _address(text, name, 1)) for name, one in searchables.kinds().items()],
        "all_kinds": _address(text, "", 1),
        "older": _address(text, kind, page + 1) if found.has_more and page < reads.LAST_PAGE else "",
        "newer": _address(text, kind, page - 1) if page > 1 else "",
    }
    return render(request, "search/results.html", context)


def _address(text: str, kind: str, page: int) -> str:
    wishes = {"q": text, "kind": kind, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in wishes.items() if value})
