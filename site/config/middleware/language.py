"""Which language a request is answered in.

`/en/…`, `/zh-hans/…`, `/zh-hant/…` force one; unprefixed paths follow the account, then the cookie, then
Accept-Language, then zh-Hant. (Django's LocaleMiddleware ignores cookie and browser where the default language is
unprefixed.) A forced prefix becomes the script prefix, so that every reversed address keeps it.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from kit.clock import zone

CODES = tuple(code for code, _name in settings.LANGUAGES)
Handler = Callable[[HttpRequest], HttpResponse]


class LanguagePrefixMiddleware:
    """Takes a language prefix off the path before addresses are resolved."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        head, _slash, rest = request.path_info[1:].partition("/")
        request.forced_language = head if head in CODES else ""  # type: ignore[attr-defined]
        if not request.forced_language:  # type: ignore[attr-defined]
            return self.get_response(request)
        if request.path_info == f"/{head}":
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{request.path}/" + (f"?{query}" if query else ""))
        outer = get_script_prefix()
        request.path_info = f"/{rest}"
        set_script_prefix(f"{outer.rstrip('/')}/{head}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(outer)


class LanguageMiddleware:
    """Activates language and time zone for the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = language_of_request(request)
        request.LANGUAGE_CODE = code
        with translation.override(code):
            if request.user.is_authenticated:
                timezone.activate(zone(request.user.time_zone))
            try:
                response = self.get_response(request)
            finally:
                timezone.deactivate()
        response.headers.setdefault("Content-Language", code)
        if not request.forced_language:  # type: ignore[attr-defined]
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of_request(request: HttpRequest) -> str:
    """One of settings.LANGUAGES, by the order in this module's docstring."""
    forced = getattr(request, "forced_language", "")
    if forced:
        return str(forced)
    if request.user.is_authenticated and request.user.language in CODES:
        return str(request.user.language)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in CODES:
        return cookie
    return accepted_language(request.headers.get("Accept-Language", "")) or settings.LANGUAGE_CODE


def accepted_language(header: str) -> str:
    """The best of our languages in an Accept-Language header, or ''. zh-TW/HK/MO are Traditional, other zh Simplified."""
    wishes = []
    for position, part in enumerate(header.lower().split(",")[:20]):
        tag, _semicolon, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        wishes.append((-weight, position, tag.strip()))
    for weight, _position, tag in sorted(wishes):
        if weight < 0 and (code := _our_code(tag)):
            return code
    return ""


def _our_code(tag: str) -> str:
    language, *parts = tag.split("-")
    if language == "zh":
        traditional = "hant" in parts or ("hans" not in parts and not {"tw", "hk", "mo"}.isdisjoint(parts))
        return "zh-hant" if traditional else "zh-hans"
    return "en" if language == "en" else ""
