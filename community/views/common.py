"""What every view of the community shares: who may come in, how a refusal is answered, what is never cached."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext

from community import access
from community.errors import NotSound, Refused, TooFast, TooLarge
from community.flows.gatekeeping import Held
from kit.files import FileRefused, FileTooLarge
from kit.storage import StorageFault

# What a flow of writing may raise, answered by `status_of` and `said`.
REFUSALS = (Refused, NotSound, TooFast, FileRefused, *StorageFault)
View = Callable[..., HttpResponse]


def in_space(view: View, closed: Callable[[HttpRequest, str], HttpResponse | None] | None = None) -> View:
    """Hands the view a Standing in place of the slug. Missing and closed spaces are the same answer.

    Signed in: 404. Anonymous: to the login, for either, so that a link in a mail works and nothing is told.
    Pages for members are never kept by a cache or a proxy. `closed` may answer in place of both (the door of a space
    that can be applied for).
    """

    @wraps(view)
    def guarded(request: HttpRequest, space_slug: str, **kwargs: Any) -> HttpResponse:
        try:
            standing = access.standing_for(request.user, space_slug)
        except Http404:
            if closed is not None and (answer := closed(request, space_slug)) is not None:
                return answer
            if request.user.is_authenticated or request.method not in ("GET", "HEAD"):
                raise
            return redirect_to_login(request.get_full_path())
        response = view(request, standing, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return guarded


def refusal(request: HttpRequest, error: Exception, *, plainly: bool = False) -> HttpResponse:
    """The answer to what a flow refused: 429 with Retry-After, 403, 413 or 400; as a toast where htmx asked.

    `plainly`: as text for a script, never as a page.
    """
    if isinstance(error, Refused) and not (plainly or getattr(request, "htmx", False)):
        raise PermissionDenied(str(error))
    response = HttpResponse(said(error), content_type="text/plain; charset=utf-8", status=status_of(error))
    response.headers["HX-Trigger"] = json.dumps({"toast": said(error)})
    return with_retry(response, error)


def kept_for_moderator(request: HttpRequest, error: Held, url: str) -> HttpResponse:
    """Nothing is lost: the post waits, and the page that one comes back to shows it."""
    if getattr(request, "htmx", False):
        response = HttpResponse(status=202)
        response.headers["HX-Redirect"] = url
        return response
    messages.info(request, str(error))
    return redirect(url)


def status_of(error: Exception) -> int:
    if isinstance(error, StorageFault):
        return 503
    if isinstance(error, (FileTooLarge, TooLarge)):
        return 413
    return 429 if isinstance(error, TooFast) else 400 if isinstance(error, (NotSound, FileRefused)) else 403


def said(error: Exception) -> str:
    """The refusal in words for people."""
    if isinstance(error, TooFast):
        wait = error.retry_after
        return ngettext("That was quick. Wait %(n)d second.", "That was quick. Wait %(n)d seconds.", wait) % {"n": wait}
    if isinstance(error, StorageFault):
        return gettext("Files cannot be kept at the moment. Your words can be sent without them.")
    return str(error)


def with_retry(response: HttpResponse, error: Exception) -> HttpResponse:
    if isinstance(error, TooFast):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
