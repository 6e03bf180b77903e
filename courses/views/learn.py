from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def learn(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def check_in(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
