"""Whole pages kept for visitors: people without a session, a basket or a message, who all see the same.

A page is kept in the process's memory under its address, its language and what upper rooms vary it by (`vary_by`), with
the state of the database that it shows: one query asks for that state, and any committed change of a watched table (see
kit.models.Change) makes a new one. So a changed price or the last seat sold shows on the very next request, in every
process. A form's CSRF token is the visitor's own: it is put in when the page is handed out. What changes by the clock alone
(a sale that begins) is at most `SECONDS` late.
"""

import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import get_language

from kit.models import Change

SECONDS = 5
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}"')
_HERE = b"@@csrf-token-of-this-visitor@@"
# Cookies that leave the page as it is; with any other one it is rendered for that person.
_HARMLESS = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, settings.REFERRAL_COOKIE_NAME}

View = Callable[..., HttpResponse]
Variant = Callable[[HttpRequest], str]
_variants: list[Variant] = []


def vary_by(variant: Variant) -> None:
    """Register what a page also depends on, as a short text ('' for most visitors); each function once."""
    if variant not in _variants:
        _variants.append(variant)


def kept_for_visitors(view: View) -> View:
    """Decorates a view whose page is the same for every visitor of a language."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not _is_visitor(request):
            return view(request, *args, **kwargs)
        variant = ":".join(variant(request) for variant in _variants)
        key, state = f"page:{get_language()}:{variant}:{request.path}", _state()
        kept = caches["local"].get(key)
        if kept is None or kept[0] != state:
            response = view(request, *args, **kwargs)
            if response.status_code != 200 or response.streaming:
                return response
            _render(response)
            kept = (state, _TOKEN.sub(rb"\1" + _HERE + b'"', response.content), response.headers["Content-Type"])
            caches["local"].set(key, kept, SECONDS)
        return HttpResponse(_with_token(kept[1], request), content_type=kept[2])

    return wrapped


def _is_visitor(request: HttpRequest) -> bool:
    return request.method == "GET" and not request.META.get("QUERY_STRING") and _HARMLESS.issuperset(request.COOKIES)


def _render(response: HttpResponse) -> None:
    """A TemplateResponse (Wagtail's) has no content yet."""
    if hasattr(response, "render"):
        response.render()


def _with_token(content: bytes, request: HttpRequest) -> bytes:
    return content.replace(_HERE, get_token(request).encode()) if _HERE in content else content


def _state() -> tuple[int, ...]:
    """Number, highest and sum of the changes: sweeping old ones away makes a new state too, which costs one rendering."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(id), 0), coalesce(sum(id), 0) FROM kit_change")
        return tuple(int(part) for part in cursor.fetchone())


@transaction.atomic
def sweep_changes() -> None:
    """Keep the table small: all rows but the newest go. Only worth it once there are many."""
    if Change.objects.count() > 200:
        Change.objects.exclude(pk=Change.objects.latest("pk").pk).delete()
