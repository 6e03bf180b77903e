"""`/live/`: the ASGI application. One route, GET, Server-Sent Events (WHATWG HTML, 9.2)."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from accounts.sessions import people_of
from notices.live import feed
from notices.live.streams import Hub, Stream

logger = logging.getLogger(__name__)
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
HEARTBEAT_SECONDS = 15.0
MOST_WATCHED = 20
_REFERENCE = re.compile(r"[a-z_]{1,20}:[0-9]{1,18}")


class Refused(Exception):
    """The answer in place of a stream."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class LiveApp:
    """Refuses what is not ours; else holds the connection open until one side ends it."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        self.hub = self.hub or Hub()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            origin = checked_origin(scope, headers)
            stream, after = await self._admitted(scope, headers)
        except Refused as refusal:
            await _answer(send, refusal.status, refusal.why)
            return
        except Exception:
            logger.exception("live: not admitted")
            await _answer(send, 503, "try again")
            return
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _headers(origin)})
            await self._run(stream, after, receive, send)
        finally:
            self.hub.remove(stream)

    async def _admitted(self, scope: dict[str, Any], headers: dict[str, str]) -> tuple[Stream, int | None]:
        """The registered stream of the person whose session the cookie names, and its Last-Event-ID."""
        assert self.hub is not None
        if len(self.hub.streams) >= settings.LIVE_STREAMS:
            raise Refused(503, "too many streams")
        key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
        person = (await self.hub.ask(people_of, [key])).get(key) if key else None
        if person is None:
            raise Refused(401, "sign in first")
        query = parse_qs(scope["query_string"].decode("latin-1"))
        watched = [name for name in query.get("watch", [])[:MOST_WATCHED] if _REFERENCE.fullmatch(name)]
        given = headers.get("last-event-id") or query.get("last", [""])[-1]
        await self.hub.ensure_running()
        stream = Stream(person.pk, key, frozenset(watched))
        self.hub.add(stream)
        return stream, int(given) if given.isdecimal() and len(given) < 19 else None

    async def _run(self, stream: Stream, after: int | None, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_gone(receive))
        writer = asyncio.create_task(self._write(stream, after, send))
        try:
            done, _pending = await asyncio.wait({gone, writer}, return_when=asyncio.FIRST_COMPLETED)
            if writer in done and (error := writer.exception()) is not None:
                logger.warning("live: a stream ended early: %r", error)
        finally:
            for task in (gone, writer):
                task.cancel()
            await asyncio.gather(gone, writer, return_exceptions=True)
        if writer in done:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, stream: Stream, after: int | None, send: Send) -> None:
        async for text in self._texts(stream, after):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    async def _texts(self, stream: Stream, after: int | None) -> AsyncIterator[str]:
        """What was missed, the present state, then what comes."""
        assert self.hub is not None
        yield "retry: 3000\n\n"
        if after is not None:
            for text in await self._missed(stream, after):
                yield text
        yield event_text(stream.start, "hello", await self._state(stream))
        seen = stream.start
        while True:
            try:
                item = await asyncio.wait_for(stream.queue.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                # An id alone moves the browser's Last-Event-ID on and is no event.
                if stream.queue.empty():
                    seen = max(seen, self.hub.delivered)
                yield f"id: {seen}\n\n"
                continue
            if item is None:
                return
            seen = max(seen, item[0])
            yield event_text(*item)

    async def _missed(self, stream: Stream, after: int) -> list[str]:
        assert self.hub is not None
        events = await self.hub.ask(feed.missed, user_id=stream.user_id, channels=stream.channels, after=after, upto=stream.start)
        if events is None:
            return [event_text(stream.start, "reset", {})]
        people = {event.seq: {stream.user_id} for event in events}
        verdict = await self.hub.ask(feed.judge, events=events, sessions=[stream.session], people=people)
        shown = [event for event in events if stream.user_id in verdict.allowed[event.seq]]
        return [event_text(*stream.item(event, verdict.unread)) for event in shown]

    async def _state(self, stream: Stream) -> dict[str, Any]:
        assert self.hub is not None

        def state() -> dict[str, Any]:
            person = people_of([stream.session]).get(stream.session)
            return feed.state_of(person, stream.channels) if person else {}

        return await self.hub.ask(state)


def checked_origin(scope: dict[str, Any], headers: dict[str, str]) -> str:
    """The page's origin, or '' where the browser names none (its own host's). Raises Refused.

    Cookies travel with a request that a foreign page starts; what it could read of the answer is nothing (CORS), but each
    such stream would cost us a place.
    """
    if scope["path"] != "/live/":
        raise Refused(404, "no such page")
    if scope["method"] != "GET":
        raise Refused(405, "GET only")
    host, _port = split_domain_port(headers.get("host", ""))
    if not validate_host(host, settings.ALLOWED_HOSTS):
        raise Refused(400, "unknown host")
    site = urlsplit(settings.SITE_URL)
    origin = headers.get("origin", "")
    if origin and origin != f"{site.scheme}://{site.netloc}":
        raise Refused(403, "foreign origin")
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "same-site", "none"):
        raise Refused(403, "foreign page")
    return origin


def event_text(seq: int, name: str, data: dict[str, Any]) -> str:
    """One event in the stream's own syntax; JSON has no line breaks."""
    return f"id: {seq}\nevent: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def _headers(origin: str) -> list[tuple[bytes, bytes]]:
    values = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "private, no-store",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
    }
    if origin:
        values |= {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "Origin"}
    return [(name.encode(), value.encode()) for name, value in values.items()]


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(send: Send, status: int, why: str) -> None:
    head = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    head += [(b"retry-after", b"10")] if status == 503 else []
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": why.encode()})
