"""The stand-in itself: a world, its server, its courier, and the controls as methods."""

import threading
from types import TracebackType
from typing import Any

from . import accounts, checkout, customers, files, intents, payouts, refunds, transfers  # noqa: F401 - register routes
from .clock import Clock
from .control_accounts import AccountControls
from .control_webhooks import WebhookControls
from .delivery import Courier
from .errors import ApiError
from .faults import Faults
from .server import Server
from .world import Settings, World

OWN = frozenset({"start", "close", "control", "base", "clock_offset", "sign", "take_webhooks"})


class StandIn(AccountControls, WebhookControls):
    """Stripe for tests: `with StandIn(webhook_secret="whsec_test") as stand_in:` listens on a free local port.

    Without `webhook_url` events wait for `take_webhooks()`; with one a thread delivers them. `state` names an
    SQLite file that keeps everything over a restart. `settle_after`: seconds until delayed payments settle.
    """

    def __init__(
        self,
        *,
        webhook_secret: str = "whsec_test",
        webhook_url: str = "",
        state: str | None = None,
        port: int = 0,
        public_url: str = "",
        settle_after: int | None = None,
        clock_offset: int | None = None,
        merchant: str = "Courseyard",
        host: str = "127.0.0.1",
    ) -> None:
        settings = Settings(webhook_url, webhook_secret, public_url, merchant, settle_after)
        self.world = World(settings, state, Clock(clock_offset))
        self.faults = Faults()
        self._server = Server((host, port), self)
        self.base = f"http://{host}:{self._server.server_address[1]}"
        settings.public_url = settings.public_url.rstrip("/") or self.base
        self._courier = Courier(self.world)
        self._thread = threading.Thread(target=self._serve, name="stripe-stand-in", daemon=True)

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def start(self) -> "StandIn":
        self._thread.start()
        if self.world.settings.webhook_url:
            self._courier.start()
        return self

    def close(self) -> None:
        self.faults.stopped.set()
        self._courier.stop()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        with self.world.lock:
            self.world.store.close()

    def __enter__(self) -> "StandIn":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def clock_offset(self) -> int:
        """Seconds this stand-in is ahead of the real clock; settable, and then CLOCK_OFFSET no longer counts."""
        return self.world.clock.offset

    @clock_offset.setter
    def clock_offset(self, seconds: int) -> None:
        self.world.clock.override = seconds
        with self.world.turn():
            pass

    def shift_clock(self, seconds: int) -> int:
        """Move on by so many seconds (the control for `clock_offset`). Returns the offset."""
        self.clock_offset = self.clock_offset + seconds
        return self.clock_offset

    def reset(self) -> None:
        """Forget every object, event, key, fault and clock shift."""
        self.faults.clear()
        self.world.forget_everything()
        self.world.clock.override = None

    def control(self, name: str, arguments: dict[str, Any]) -> Any:
        """Run a control by name, for POST /_control/<name> with its arguments as JSON. Raises ApiError."""
        method = getattr(self, name, None)
        if name.startswith("_") or name in OWN or not callable(method):
            raise ApiError(404, f"No such control: {name}")
        try:
            return method(**arguments)
        except TypeError as error:
            raise ApiError(400, f"{name}: {error}") from error
