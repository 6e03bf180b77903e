"""/healthz/: the process lives. /readyz/: database, broker and storage answer."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.celery import app
from kit import storage


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """200 with {"database": true, "broker": true, "storage": true}, or 503 naming what is away."""
    state = {"database": _database_answers(), "broker": _broker_answers(), "storage": storage.reachable()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _broker_answers() -> bool:
    try:
        with app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # every transport has exceptions of its own; any of them means away
        return False
    return True
