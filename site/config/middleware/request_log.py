"""One structured line a request, with an id that every log line of the request carries. No personal data."""

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kit.log import request_id

logger = logging.getLogger("courseyard.request")
Handler = Callable[[HttpRequest], HttpResponse]


class RequestLogMiddleware:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:16])
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            # The pattern, not the path: a path may hold a token or an order's number.
            route = match.route if match else ""
            milliseconds = int((time.perf_counter() - started) * 1000)
            facts = {"method": request.method, "route": route, "status": response.status_code, "ms": milliseconds}
            logger.info("request", extra=facts)
            response.headers["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)
