from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def teach(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def queue(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def review(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def questions(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def cohort(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def move_pins(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404


def outline(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    raise Http404
