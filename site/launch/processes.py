"""One child process: how it is started, watched and stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from launch import identity
from launch.paths import SITE, LaunchError, private_folder

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """A system user by number."""

    uid: int
    gid: int


@dataclass
class Child:
    """What to start. `env` is the whole environment; `echo` shows its log on the console as well."""

    name: str
    command: list[str]
    env: dict[str, str]
    cwd: Path = SITE
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 8.0
    echo: bool = False


@dataclass
class Running:
    """A child that was started in a room."""

    child: Child
    room: Path
    process: "subprocess.Popen[bytes]"
    since: float = field(default_factory=time.monotonic)

    def exited(self) -> bool:
        """Whether it has ended. What remains of its group is ended before the id becomes free for reuse."""
        if self.process.returncode is not None:
            return True
        if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return False
        self.signal_group(signal.SIGKILL)
        self.process.wait()
        record_of(self.room, self.child.name).unlink(missing_ok=True)
        return True

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the child and whatever it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """Ask, wait for the child's grace, then force."""
        if not self.exited():
            self.process.send_signal(self.child.stop_signal)
        deadline = time.monotonic() + self.child.grace
        while not self.exited():
            if time.monotonic() > deadline:
                self.signal_group(signal.SIGKILL)
            time.sleep(0.02)


def record_of(room: Path, name: str) -> Path:
    """The file that remembers a started child."""
    return room / "pid" / f"{name}.json"


def log_of(room: Path, name: str) -> Path:
    """The child's log file."""
    return room / "log" / f"{name}.log"


def start(child: Child, room: Path) -> Running:
    """Start a child in a group of its own, its output going to the room's log folder.

    On Linux the kernel sends it its stop signal when the launcher dies, however that happens.
    """
    for folder in ("log", "pid"):
        private_folder(room / folder)
    path = log_of(room, child.name)
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    account: dict[str, object] = {}
    if child.account:
        account = {"user": child.account.uid, "group": child.account.gid, "extra_groups": []}
    with path.open("ab") as log:
        process = subprocess.Popen(  # type: ignore[call-overload]
            child.command,
            env={**child.env, identity.MARK: str(room)},
            cwd=child.cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_launcher(child.stop_signal),
            **account,
        )
    identity.write(room / "pid", child.name, process.pid, child.command)
    return Running(child, room, process)


def tied_to_launcher(number: signal.Signals) -> Callable[[], None] | None:
    """A function run in the child before its program: the launcher's death will send it this signal."""
    if _LIBC is None:
        return None
    prctl, parent = _LIBC.prctl, os.getpid()

    def tie() -> None:
        prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def wait_until(running: Running, ready: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for a child to answer. Raises LaunchError with the end of its log if it ends or stays silent."""
    deadline = time.monotonic() + seconds
    while (ended := running.exited()) or not ready():
        if ended or time.monotonic() > deadline:
            what = "ended while starting" if ended else f"did not answer within {seconds:.0f} seconds"
            path = log_of(running.room, running.child.name)
            raise LaunchError(f"{running.child.name} {what}. The end of {path}:\n{tail(path)}")
        time.sleep(0.05)


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 20_000))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
