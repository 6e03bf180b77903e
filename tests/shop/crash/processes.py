"""The site's processes as production has them: gunicorn with a worker, celery with a worker; both replace what dies."""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.shop.crash.door import Door
from tests.shop.served import ROOT, environment, free_address, gunicorn, start, wait_for

SETTINGS = "tests.shop.crash.settings"


class Processes:
    """`web` and `worker`, each speaking to Stripe through its own door."""

    def __init__(self, doors: dict[str, Door]) -> None:
        self.address = free_address()
        celery = [sys.executable, "-m", "celery", "--workdir", str(ROOT / "site"), "-A", "config", "worker"]
        quiet = ["--concurrency=1", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
        commands = {"web": gunicorn(self.address, "--workers", "1", "--preload"), "worker": [*celery, *quiet]}
        self._starts = {role: (commands[role], environment(door.base, SETTINGS)) for role, door in doors.items()}
        self.running = {role: start(*how) for role, how in self._starts.items()}
        for role, door in doors.items():
            door.kill = partial(self.kill, role)
        self.whole = False
        wait_for(self.running["web"], self.address)

    def kill(self, role: str) -> None:
        """Who does the work dies; or (`whole`) its master, too, and all of it is started anew."""
        master = self.running[role]
        if self.whole:
            os.killpg(master.pid, signal.SIGKILL)
            master.wait()
            self.running[role] = start(*self._starts[role])
        else:
            for child in Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split():
                os.kill(int(child), signal.SIGKILL)

    def stop(self) -> None:
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(done: Callable[[], bool], *, seconds: float = 60, every: float = 0.2) -> bool:
    """Whether `done()` came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(every)
    return False
