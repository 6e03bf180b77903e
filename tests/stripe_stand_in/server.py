"""The HTTP server: API under /v1, hosted pages under /c, controls under /_control, the desk at /.

Head and body leave in one write and Nagle is off: two small writes cost 40 ms of delayed acknowledgement.
"""

import json
import traceback
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from socketserver import TCPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlsplit

from . import desk, pages, setup
from .api import Request, serve
from .errors import ApiError

if TYPE_CHECKING:
    from .stand_in import StandIn

ASCII = "".join(map(chr, range(33, 127)))
REASONS = {
    200: "OK",
    303: "See Other",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], stand_in: "StandIn") -> None:
        self.stand_in = stand_in
        self._open: set[socket] = set()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Like HTTPServer's, without its name look-up, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open, as a stopped server does."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the desk shows what happened."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if url.path.startswith("/v1/"):
                self._api(method, url.path, url.query.encode() if method == "GET" else body)
            elif url.path.startswith("/_control/") and method == "POST":
                self._control(url.path.removeprefix("/_control/"), body.decode())
            else:
                self._page(method, url.path, dict(parse_qsl(body.decode(), keep_blank_values=True)))
        except Exception as error:
            traceback.print_exc()
            self._send_json(500, {"error": {"type": "api_error", "message": f"The stand-in broke: {error!r}"}})

    def _api(self, method: str, path: str, encoded: bytes) -> None:
        request = Request(method, path, encoded, {name.lower(): value for name, value in self.headers.items()})
        answer = serve(self.server.stand_in, request)
        if answer is None:
            self.close_connection = True
            return
        more = {"Request-Id": request.id, "Stripe-Version": request.version}
        if request.key:
            more["Idempotency-Key"] = request.key
        if answer.replayed:
            more["Idempotent-Replayed"] = "true"
        self._send_json(answer.status, answer.body, more)

    def _control(self, name: str, body: str) -> None:
        try:
            self._send_json(200, self.server.stand_in.control(name, json.loads(body or "{}")))
        except ApiError as error:
            self._send_json(error.status, error.body())

    def _page(self, method: str, path: str, form: dict[str, str]) -> None:
        world, language = self.server.stand_in.world, self.headers.get("Accept-Language", "")
        head, _, id = path.rpartition("/")
        visit: dict[tuple[str, str], Callable[[], pages.Page]] = {
            ("GET", "/c/pay"): lambda: pages.show_session(world, id, language),
            ("POST", "/c/pay"): lambda: pages.press(world, id, form, language),
            ("GET", "/c/three-d-secure"): lambda: pages.show_challenge(world, id, language),
            ("POST", "/c/three-d-secure"): lambda: pages.answer_challenge(world, id, form, language),
            ("GET", "/setup"): lambda: setup.show_setup(world, id, language),
            ("POST", "/setup"): lambda: setup.end_setup(world, id),
        }
        if (method, path) == ("POST", "/"):
            page = desk.press(self.server.stand_in, form)
        elif (method, head) in visit:
            with world.turn():
                page = visit[method, head]()
        elif path == "/":
            page = desk.show(self.server.stand_in)
        else:
            page = pages.Page("Not found", status=404)
        more = {"Location": quote(page.go_to, safe=ASCII)} if page.go_to else {}
        self._send(page.status, page.html.encode(), "text/html; charset=utf-8", more)

    def _send_json(self, status: int, body: Any, more: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), "application/json", more or {})

    def _send(self, status: int, body: bytes, type: str, more: dict[str, str]) -> None:
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
            f"Content-Type: {type}",
            f"Content-Length: {len(body)}",
            "Cache-Control: no-store",
            "Server: stripe-stand-in",
            *(f"{name}: {value}" for name, value in more.items()),
        ]
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
