"""Keeps children running until told to stop, and stops them in reverse order."""

import contextlib
import json
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from launch import processes
from launch.paths import LaunchError
from launch.processes import Child, Running, log_of, tail

_LONGEST_PAUSE = 30.0
_STEADY = 60.0


class Stopped(BaseException):
    """SIGINT or SIGTERM came. Not an Exception, so that nothing swallows it on its way up."""


def say(text: str) -> None:
    """Tell the person at the keyboard."""
    with contextlib.suppress(OSError):  # the terminal may be gone; the children must be stopped all the same
        print(text, flush=True)


class Supervisor:
    """The children of one room. Use as a context manager: leaving it stops all of them."""

    def __init__(self, room: Path) -> None:
        self.room = room
        self.running: list[Running] = []
        self._pauses: dict[str, float] = {}
        self._due: dict[str, tuple[float, Child]] = {}
        self._shown: dict[str, int] = {}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()

    def start(self, child: Child, ready: Callable[[], bool] | None = None) -> Running:
        """Start a child; with `ready`, wait until it answers (LaunchError if it does not)."""
        path = log_of(self.room, child.name)
        self._shown.setdefault(child.name, path.stat().st_size if path.exists() else 0)
        running = processes.start(child, self.room)
        self.running.append(running)
        if ready:
            self.wait(running, ready)
        return running

    def wait(self, running: Running, ready: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until a started child answers; LaunchError with the end of its log if it does not."""
        processes.wait_until(running, ready, seconds)

    def complete(self, child: Child) -> None:
        """Run a child to its end; LaunchError with the end of its log if it fails."""
        running = self.start(child)
        while not running.exited():
            time.sleep(0.05)
        self.running.remove(running)
        if running.process.returncode:
            path = log_of(self.room, child.name)
            raise LaunchError(f"{child.name} failed. The end of {path}:\n{tail(path, 30)}")

    def watch(self, seconds: float | None = None) -> None:
        """Show logs and restart what dies, for ever or for some seconds."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while deadline is None or time.monotonic() < deadline:
            self.tend()
            time.sleep(0.2)

    def tend(self) -> None:
        """One round of watching."""
        for running in self.running:
            self._echo(running.child)
        for running in [one for one in self.running if one.exited()]:
            self.running.remove(running)
            self._mourn(running)
        now = time.monotonic()
        for name, (due, child) in list(self._due.items()):
            if now >= due:
                del self._due[name]
                self.start(child)

    def stop_all(self) -> None:
        """Stop every child, last started first. A second Ctrl-C kills them at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._kill_all())
        while self.running:
            self.running[-1].stop()
            self._echo(self.running.pop().child)

    def _kill_all(self) -> None:
        for running in reversed(self.running):
            running.signal_group(signal.SIGKILL)

    def _mourn(self, running: Running) -> None:
        """Say that a child died and plan its restart: after 1 second, then 2, 4 … while it keeps dying."""
        child, code = running.child, running.process.returncode
        steady = time.monotonic() - running.since > _STEADY
        pause = 1.0 if steady else min(self._pauses.get(child.name, 0.5) * 2, _LONGEST_PAUSE)
        self._pauses[child.name] = pause
        self._due[child.name] = (time.monotonic() + pause, child)
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        path = log_of(self.room, child.name)
        say(f"!! {child.name} {how}; starting it again in {pause:.0f} s. The end of {path}:\n{tail(path, 8)}")

    def _echo(self, child: Child) -> None:
        """Print what the child has logged since the last look, if its log belongs on the console."""
        path = log_of(self.room, child.name)
        if not child.echo or not path.exists():
            return
        with path.open("rb") as log:
            size, shown = path.stat().st_size, self._shown[child.name]
            log.seek(shown if shown <= size else 0)
            lines = log.read().decode(errors="replace").splitlines()
            self._shown[child.name] = log.tell()
        for line in lines:
            if not _is_routine(line):
                say(_readable(line))


def _is_routine(line: str) -> bool:
    """Whether a line says that nothing is wrong: a structured log (kit.log) or gunicorn's own."""
    return any(level in line[:120] for level in ('"level": "INFO"', '"level": "DEBUG"', "] [INFO] "))


def _readable(line: str) -> str:
    """A structured log with its traceback unfolded; any other line as it is."""
    try:
        facts = json.loads(line)
        return f"{facts['level']} {facts['message']}\n{facts.get('traceback', '')}".rstrip()
    except (ValueError, TypeError, KeyError):
        return line


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
