from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def catalogue(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def landing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
