from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kit import searchables
from search import dressing, reads
from search.forms import FilterForm
from search.wishes import LAST_PAGE, page_of, words_of


@require_safe
@cache_control(private=True, no_store=True)
def search(request: HttpRequest) -> HttpResponse:
    """One search over every room; each person finds what is open to them now. Filters stand in the address."""
    form, page = FilterForm(request.GET, user=request.user), page_of(request.GET)
    wish = form.wish(words_of(request.GET))
    found = reads.results(wish, request, page=page)
    asked = form.asked(wish.text)
    context = {
        "text": wish.text,
        "form": form,
        "kind": wish.kind,
        "has_more": found.has_more,
        "hits": dressing.dressed(found.hits, request),
        "kinds": [(name, one.label, _address(asked, kind=name)) for name, one in searchables.kinds().items()],
        "all_kinds": _address(asked, kind=""),
        "chosen": [(label, _address(asked, **{name: ""})) for name, label in form.chosen()],
        "older": _address(asked, page=str(page + 1)) if found.has_more and page < LAST_PAGE else "",
        "newer": _address(asked, page=str(page - 1) if page > 2 else "") if page > 1 else "",
    }
    return render(request, "search/results.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def suggest(request: HttpRequest) -> HttpResponse:
    """What may be meant by what was typed so far, as a piece of a page: titles alone, of what is open to this person."""
    text = words_of(request.GET)
    context = {"text": text, "hits": reads.suggestions(text, request)}
    return render(request, "search/suggestions.html", context)


def _address(asked: dict[str, str], **changes: str) -> str:
    return "?" + urlencode({name: value for name, value in {**asked, **changes}.items() if value})
