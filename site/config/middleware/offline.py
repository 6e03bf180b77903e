"""Tells the service worker whose answer this is, so that nobody is ever shown another person's kept page (SAFETY.md)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

HEADER = "X-Person"
Handler = Callable[[HttpRequest], HttpResponse]


class OfflineMiddleware:
    """`X-Person` on every page for somebody signed in: a mark that says who, to this browser alone."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            response.headers[HEADER] = salted_hmac("offline.person", str(request.user.pk), algorithm="sha256").hexdigest()[:16]
        return response
