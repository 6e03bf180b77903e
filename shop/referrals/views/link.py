"""/r/<code>/: the click is stored, then the visitor goes on to one of our own pages."""

import uuid
from collections.abc import Callable
from functools import partial

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_script_prefix
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.referrals.cookies import asks_not_to_be_tracked, remember_visitor, visitor_of
from shop.referrals.flows import record_click
from shop.referrals.models import Link

# Where a browser says that it looks ahead: nobody went there yet (Sec-Purpose; the others are older browsers' names for it).
PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@never_cache
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """302 to the link's page; unknown: 404. One that was switched off still leads there, and credits nobody.

    Images, frames, scripts and prefetches set and store nothing.
    Who asks not to be tracked has a token until the browser is closed, so that what is bought in this visit still credits
    whoever recommended it, and no hash of an address.
    """
    if not is_visit(request):
        return _only_lead(code)
    target, remember = take_click(request, code)
    if target is None:
        return _only_lead(code)
    response = _to(target)
    remember(response)
    return response


def take_click(request: HttpRequest, code: str) -> tuple[str | None, Callable[[HttpResponse], None]]:
    """Store the visit: the link's target (None: no live link), and what gives an answer the visitor's token."""
    visitor, untracked = visitor_of(request) or uuid.uuid4(), asks_not_to_be_tracked(request)
    address = "" if untracked else get_adapter().get_client_ip(request) or ""
    target = record_click(code=code, visitor=visitor, address=address, user=request.user)
    return target, partial(remember_visitor, visitor=visitor, lasting=not untracked)


def _only_lead(code: str) -> HttpResponse:
    """To the page, with nothing stored and nothing set."""
    target = Link.objects.filter(code=code).values_list("target", flat=True).first()
    if target is None:
        raise Http404
    return _to(target)


def is_visit(request: HttpRequest) -> bool:
    """Whether a person is going there, as far as the browser tells: whatever it marks as a part of a page, a worker's or a
    script's request is not (Fetch Metadata, W3C)."""
    headers = request.headers
    purpose = " ".join(headers.get(name, "") for name in PURPOSES).lower()
    guessed = any(word in purpose for word in ("prefetch", "prerender", "preview"))
    return request.method == "GET" and not guessed and headers.get("Sec-Fetch-Dest", "document") == "document"


def _to(target: str) -> HttpResponse:
    """A path of ours, in the language that the visitor's own address forced.

    Whatever is stored: two slashes or a backslash in front would make it another host's address.
    """
    return HttpResponseRedirect(get_script_prefix() + target.lstrip("/\\"))
