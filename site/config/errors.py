"""Error pages. They ask nothing of the database, so that they still come when it is down."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"reason": "csrf"}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """429 of allauth's limits; the longest short window is a minute."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database did not answer."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(_standalone("503.html"), status=503, headers={"Retry-After": "10"})
    return HttpResponse(_standalone("500.html"), status=500)


def _standalone(template: str) -> str:
    from django.template.loader import get_template  # templates load lazily here: this runs inside a failure

    return get_template(template).render({})
