"""Streams of the live process: by its ASGI application within the test, or by sockets to a process that serves it."""

import asyncio
import json
import re
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from notices.live import feed, streams
from notices.live.app import LiveApp

Event = tuple[int, str, dict[str, Any]]
_EVENT = re.compile(r"id: (\d+)\nevent: (\w+)\ndata: (.*)")


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def parsed(text: str) -> list[Event]:
    return [(int(seq), name, json.loads(data)) for seq, name, data in _EVENT.findall(text)]


class Heard:
    """One stream as the browser sees it."""

    def __init__(self) -> None:
        self.status, self.headers, self.text, self.ended = 0, dict[str, str](), "", False
        self.gone = asyncio.Event()

    def events(self, *names: str) -> list[Event]:
        return [event for event in parsed(self.text) if event[1] in (names or ("change", "notice"))]

    def values(self) -> list[dict[str, int]]:
        return [data["values"] for _seq, _name, data in self.events("change")]

    @property
    def last_id(self) -> int:
        return max(int(seq) for seq in re.findall(r"^id: (\d+)", self.text, re.M))


class House:
    """The application on a loop that runs only when the test says so, over the test's own database connection.

    Django gives code that runs inside of a loop another connection, which sees nothing of the test's transaction: what the
    threads of the live process would ask is asked here between two turns of the loop.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def ask(_hub: Any, work: Any, *values: Any, **named: Any) -> Any:
            answer = self.loop.create_future()
            self.asked.append((answer, partial(work, *values, **named)))
            return await answer

        self.asked: list[tuple[asyncio.Future[Any], Any]] = []
        monkeypatch.setattr(streams.Hub, "ask", ask)
        monkeypatch.setattr(streams, "POLL_SECONDS", 0.005)
        monkeypatch.setattr(streams, "SESSIONS_SECONDS", 0.02)
        self.loop, self.app, self.tasks = asyncio.new_event_loop(), LiveApp(), list[asyncio.Task[None]]()

    def open(self, user: User | None, *watch: str, last: int | None = None, **more: Any) -> Heard:
        """`more`: headers; `path`, `method`."""
        heard = Heard()
        scope = {"type": "http", "path": more.pop("path", "/live/"), "method": more.pop("method", "GET")}
        given = {"host": "127.0.0.1:8000", **{name.replace("_", "-"): value for name, value in more.items()}}
        if user is not None:
            given["cookie"] = f"{settings.SESSION_COOKIE_NAME}={session_of(user)}"
        if last is not None:
            given["last-event-id"] = str(last)
        scope["headers"] = [(name.encode(), value.encode()) for name, value in given.items()]  # type: ignore[assignment]
        scope["query_string"] = "&".join(f"watch={name}" for name in watch).encode()  # type: ignore[assignment]

        async def receive() -> dict[str, Any]:
            await heard.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                heard.status = message["status"]
                heard.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                heard.text += message["body"].decode()
                heard.ended = not message.get("more_body")

        self.tasks.append(self.loop.create_task(self.app(scope, receive, send)))
        self.until(lambda: bool(heard.status) and (heard.ended or "event: hello" in heard.text))
        return heard

    def run(self) -> None:
        """Until everything that was written is in the streams, and written out to who listens."""
        hub = self.app.hub
        if hub and hub._tasks:
            wanted = feed.last_number()
            self.until(lambda: hub.delivered >= wanted and all(one.queue.empty() for one in hub.streams))
        for _turn in range(5):
            self._turn()

    def until(self, done: Callable[[], bool]) -> None:
        """Until something has come to pass; AssertionError after ten seconds."""
        ends = time.monotonic() + 10
        while not done():
            assert time.monotonic() < ends, "it did not come to pass"
            self._turn()

    def _turn(self) -> None:
        """One turn of the loop, then what it asked of the database."""
        self.loop.run_until_complete(asyncio.sleep(0.002))
        asked, self.asked = self.asked, []
        for answer, work in asked:
            if not answer.done():
                answer.set_result(work())

    def leave(self, heard: Heard) -> None:
        heard.gone.set()
        for _turn in range(5):
            self._turn()

    def close(self) -> None:
        hub = self.app.hub
        tasks = [*self.tasks, *(hub._tasks if hub else ())]

        async def end() -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self.loop.run_until_complete(end())
        if hub:
            hub.pool.shutdown()
        self.loop.close()


class Sockets:
    """Many streams to a real process, read together."""

    def __init__(self, port: int) -> None:
        self.port, self.selector = port, selectors.DefaultSelector()
        self.texts: dict[socket.socket, str] = {}

    def open(self, session: str, *watch: str, last: int | None = None) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        query = "&".join(f"watch={name}" for name in watch)
        resume = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        connection.sendall(
            f"GET /live/?{query} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{resume}"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}\r\n\r\n".encode()
        )
        self.selector.register(connection, selectors.EVENT_READ)
        self.texts[connection] = ""
        return connection

    def read_until(self, done: Any, seconds: float) -> bool:
        """Read from all until `done(texts)`, or for so many seconds; whether it came to pass."""
        ends = time.monotonic() + seconds
        while not (is_done := done(self.texts.values())) and time.monotonic() < ends:
            for key, _mask in self.selector.select(timeout=0.05):
                connection: Any = key.fileobj
                data = connection.recv(65536)
                if not data:
                    self.drop(connection)
                else:
                    self.texts[connection] += data.decode()
        return bool(is_done)

    def drop(self, connection: socket.socket) -> None:
        self.selector.unregister(connection)
        connection.close()
        self.texts.pop(connection)

    def close(self, connections: Iterable[socket.socket] = ()) -> None:
        for connection in list(connections or self.texts):
            self.drop(connection)
        self.selector.close()
