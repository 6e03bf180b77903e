from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def certificate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def pdf(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
