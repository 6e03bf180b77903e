"""The stand-in's world: objects, clock, timers, and one lock that makes each turn whole."""

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .clock import Clock
from .store import Obj, Store

API_VERSION = "2026-10-28.endive"
TIMERS: dict[str, Callable[["World", Obj], None]] = {}


@dataclass
class Settings:
    """How this stand-in behaves. `settle_after`: seconds until a delayed payment settles itself, None for never."""

    webhook_url: str = ""
    webhook_secret: str = "whsec_test"
    public_url: str = ""
    merchant: str = "Courseyard"
    settle_after: int | None = None


@dataclass
class Playing:
    """What the controls have asked for next; forgotten on restart."""

    refund_statuses: list[str] = field(default_factory=list)
    drop_next: list[str] = field(default_factory=list)
    webhook_delay: float = 0
    paused: bool = False


class World:
    """All state. Whoever changes it does so inside `turn()`."""

    def __init__(self, settings: Settings, state: str | None = None, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.store = Store(state)
        self.lock = threading.RLock()
        self.changed = threading.Event()
        self.playing = Playing()
        self.request: Obj = {"id": None, "idempotency_key": None}
        self._hurry_retries()
        waiting = [delivery["rank"] for delivery in self.store.oldest_first("_delivery")]
        self.ranks = itertools.count(1 + max(waiting, default=0))
        self._timers: list[tuple[float, str, str]] = []
        for kind in ("checkout.session", "refund"):
            for obj in self.store.oldest_first(kind):
                for action, due in obj.get("_timers", {}).items():
                    heapq.heappush(self._timers, (due, action, obj["id"]))

    def _hurry_retries(self) -> None:
        """A restart with a smaller CLOCK_OFFSET must not leave retries days ahead."""
        latest = self.clock.exact() + 60
        for delivery in self.store.oldest_first("_delivery"):
            if delivery["attempts"]:
                delivery["due"] = min(delivery["due"], latest)

    @contextmanager
    def turn(self) -> Iterator["World"]:
        """One turn: lock, let due timers fire, do the work, write it down in one commit, wake the courier."""
        with self.lock:
            try:
                self._fire_timers()
                yield self
            finally:
                self.store.commit()
        self.changed.set()

    def set_timer(self, obj: Obj, action: str, due: float) -> None:
        """Call TIMERS[action] with the object once the clock passes `due`; kept with the object over a restart."""
        obj.setdefault("_timers", {})[action] = due
        self.store.save(obj)
        heapq.heappush(self._timers, (due, action, obj["id"]))

    def _fire_timers(self) -> None:
        now = self.clock.exact()
        while self._timers and self._timers[0][0] <= now:
            due, action, id = heapq.heappop(self._timers)
            obj = self.store.find(id)
            if obj and obj.get("_timers", {}).get(action) == due:
                del obj["_timers"][action]
                TIMERS[action](self, self.store.save(obj))

    def forget_everything(self) -> None:
        with self.lock:
            self.store.clear()
            self._timers.clear()
            self.playing = Playing()
