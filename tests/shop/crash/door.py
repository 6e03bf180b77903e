"""A door of the Stripe stand-in for one process of the site, with a trap behind it: the n-th call is that process's last.

The call does its work at Stripe first. Then the process is killed (SIGKILL): either before it hears the answer, or after
it has heard it and waits, its transaction open, for rows that the trap has locked. All else goes on as at the front door.
"""

import threading
import time
from collections.abc import Callable

import psycopg

from tests.stripe_stand_in import StandIn
from tests.stripe_stand_in.faults import Fault, Faults
from tests.stripe_stand_in.server import Server

HEARD = 0.4


class Door(Faults):
    """Stands for the stand-in at an address of its own. `calls` were let through since the trap was last set or cleared."""

    def __init__(self, stand_in: StandIn, database: str) -> None:
        super().__init__()
        self.world, self.faults, self.database = stand_in.world, self, database
        self.calls: list[str] = []
        self.kill: Callable[[], None] | None = None
        self._deadly = 0
        self._heard = False
        self._server = Server(("127.0.0.1", 0), self)  # type: ignore[arg-type]
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()

    def set_trap(self, call: int, *, heard: bool) -> None:
        """Kill at this call, counted from 1; 0: at none."""
        self.calls.clear()
        self._deadly, self._heard = call, heard

    @property
    def has_snapped(self) -> bool:
        return 0 < self._deadly <= len(self.calls)

    def take(self, method: str, path: str) -> Fault | None:
        self.calls.append(f"{method} {path}")
        return Fault(after_work=True, silent=not self._heard, seconds=1) if len(self.calls) == self._deadly else None

    def hang(self, fault: Fault) -> None:
        """The call has done its work at Stripe."""
        assert self.kill is not None
        if not self._heard:
            self.kill()
            return
        locked = threading.Event()
        threading.Thread(target=self._kill_before_commit, args=(locked,), daemon=True).start()
        locked.wait(10)

    def _kill_before_commit(self, locked: threading.Event) -> None:
        """Nobody gets an order's row until the process is gone."""
        assert self.kill is not None
        with psycopg.connect(self.database) as connection:
            connection.execute("LOCK TABLE orders_order IN EXCLUSIVE MODE")
            locked.set()
            time.sleep(HEARD)
            self.kill()
