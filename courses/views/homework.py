from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def hand_in(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def file(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
