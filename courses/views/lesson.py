from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def lesson(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def media(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def complete(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def stopped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def ask(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
