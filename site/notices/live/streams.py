"""Open streams of this process, and the pump that fills them. One event loop; the database is asked in threads."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

from notices.live import feed
from notices.models import LiveEvent

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")
Item = tuple[int, str, dict[str, Any]]
POLL_SECONDS = 0.4
SESSIONS_SECONDS = 5.0
LONGEST_QUEUE = 200


@dataclass(eq=False)
class Stream:
    """One open connection, `number` in the order of their coming.

    `queue` holds (seq, event name, data), and None where it shall close.
    """

    user_id: int
    session: str
    channels: frozenset[str]
    queue: "asyncio.Queue[Item | None]" = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))
    start: int = 0
    number: int = 0

    def item(self, event: LiveEvent, unread: dict[int, int]) -> Item:
        """What this stream is told of an event."""
        if event.kind == "notice":
            return event.seq, "notice", {"unread": unread.get(self.user_id, 0)}
        values = event.data.get("values", {})
        watched = values if event.people else {name: value for name, value in values.items() if name in self.channels}
        return event.seq, event.kind, {"values": watched}

    def close(self) -> None:
        """It ends after what is in the queue; a reader too slow for that loses the rest and asks for it again."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """All streams. `last`: what was read from the table; `delivered`: what was put into the queues."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.by_channel: dict[str, set[Stream]] = {}
        self.by_person: dict[int, set[Stream]] = {}
        self.last = self.delivered = self.opened = 0
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="live")
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = asyncio.Lock()

    async def ask(self, work: Callable[..., Answer], *values: Any, **named: Any) -> Answer:
        """Run a function that asks the database, in one of our threads."""

        def run() -> Answer:
            close_old_connections()
            return work(*values, **named)

        return await asyncio.get_running_loop().run_in_executor(self.pool, run)

    async def ensure_running(self) -> None:
        """Start the pump with the first stream."""
        async with self._ready:
            if not self._tasks:
                self.last = self.delivered = await self.ask(feed.last_number)
                self._tasks = [asyncio.create_task(self._pump()), asyncio.create_task(self._watch_sessions())]

    def add(self, stream: Stream) -> None:
        """From this moment its queue gets what comes; what came before `stream.start` it must ask for itself."""
        mine = self.by_person.get(stream.user_id, set())
        if len(mine) >= settings.LIVE_STREAMS_PER_PERSON:
            self._close_all([min(mine, key=lambda one: one.number)])
        self.opened += 1
        stream.start, stream.number = self.last, self.opened
        self.streams.add(stream)
        self.by_person.setdefault(stream.user_id, set()).add(stream)
        for channel in stream.channels:
            self.by_channel.setdefault(channel, set()).add(stream)

    def remove(self, stream: Stream) -> None:
        self.streams.discard(stream)
        for index, key in [(self.by_person, stream.user_id), *((self.by_channel, name) for name in stream.channels)]:
            group = index.get(key, set())  # type: ignore[attr-defined]
            group.discard(stream)
            if not group:
                index.pop(key, None)  # type: ignore[attr-defined]

    def meant(self, event: LiveEvent) -> set[Stream]:
        """Streams that an event is for, before anybody asks whether they may."""
        found: set[Stream] = set()
        for person in event.people if self.by_person else ():
            found |= self.by_person.get(person, set())
        for channel in event.channels:
            found |= self.by_channel.get(channel, set())
        return found

    async def _pump(self) -> None:
        while True:
            try:
                events = await self.ask(feed.next_events, self.last)
                if events:
                    await self._deliver(events)
                if len(events) < feed.MOST_AT_ONCE:
                    await asyncio.sleep(POLL_SECONDS)
            except Exception:  # the database may be away for a while: streams stay and get what they missed
                logger.exception("live: no events could be read")
                await asyncio.sleep(2)

    async def _deliver(self, events: list[LiveEvent]) -> None:
        # In one step: a stream that begins before it gets these into its queue, one that begins after reads them itself.
        before, self.last = self.last, events[-1].seq
        meant = [(event, self.meant(event)) for event in events]
        try:
            wanted = [(event, streams) for event, streams in meant if streams]
            if wanted:
                await self._hand_out(wanted)
        except Exception:
            self.last = before
            self._close_all(self.streams)  # whoever began meanwhile would read these events twice
            raise
        self.delivered = self.last

    async def _hand_out(self, wanted: list[tuple[LiveEvent, set[Stream]]]) -> None:
        sessions = {stream.session for _event, streams in wanted for stream in streams}
        people = {event.seq: {stream.user_id for stream in streams} for event, streams in wanted}
        verdict = await self.ask(feed.judge, events=[event for event, _ in wanted], sessions=sessions, people=people)
        for event, streams in wanted:
            for stream in streams & self.streams:
                if stream.session not in verdict.sessions:
                    stream.close()
                    self.remove(stream)
                elif stream.user_id in verdict.allowed[event.seq]:
                    self._put(stream, stream.item(event, verdict.unread))

    def _put(self, stream: Stream, item: Item) -> None:
        if stream.queue.full():
            stream.close()
            self.remove(stream)
        else:
            stream.queue.put_nowait(item)

    def _close_all(self, streams: Iterable[Stream]) -> None:
        """They come back by themselves and read what they missed."""
        for stream in set(streams) & set(self.streams):
            stream.close()
            self.remove(stream)

    async def _watch_sessions(self) -> None:
        """Who signed out, or whose password changed, hears nothing more."""
        while True:
            await asyncio.sleep(SESSIONS_SECONDS)
            try:
                asked = {stream.session for stream in self.streams}
                # Streams that came while this was asked are judged the next time.
                ended = asked - set(await self.ask(feed.people_of, asked))
                self._close_all(stream for stream in self.streams if stream.session in ended)
            except Exception:
                logger.exception("live: sessions could not be read")

    async def stop(self) -> None:
        """For tests: end the pump and the threads."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for _thread in range(4):
            await self.ask(connections.close_all)
        self.pool.shutdown()
