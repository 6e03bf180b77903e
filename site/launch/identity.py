"""Which process is it really: records of what was started, and the safe end of leftovers.

A process id alone says little, because the system hands it out again. A record therefore holds the id, the
moment the process began and its command; only a process that agrees with its record is ever signalled.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")
MARK = "COURSEYARD_ROOM"


@dataclass(frozen=True)
class Record:
    """A started process. `started` is opaque: boot and clock tick on Linux, `ps` output elsewhere."""

    pid: int
    started: str
    command: list[str]


def started_at(pid: int) -> str | None:
    """When the process with this id began, or None if there is none (a zombie counts as none)."""
    if PROC.is_dir():
        try:
            fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"
    answer = subprocess.run(["ps", "-o", "lstart=,command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def write(folder: Path, name: str, pid: int, command: list[str]) -> None:
    """Record a process that was just started as `<folder>/<name>.json`."""
    record = Record(pid, started_at(pid) or "", command)
    path = folder / f"{name}.json"
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(record)))
    fresh.replace(path)


def read(path: Path) -> Record | None:
    """The record in a file; None if it is damaged (a crash while writing)."""
    try:
        return Record(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def alive(record: Record) -> bool:
    """Whether the very process that was recorded still runs."""
    return bool(record.started) and started_at(record.pid) == record.started


def stragglers(record: Record, room: Path) -> list[int]:
    """Ids of processes of the recorded group that outlived its leader and carry the mark of this room."""
    found = []
    wanted = f"{MARK}={room}".encode()
    for entry in PROC.glob("[0-9]*") if PROC.is_dir() else []:
        try:
            member = os.getpgid(int(entry.name)) == record.pid != int(entry.name)
            if member and wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def end(record: Record, room: Path, first: signal.Signals = signal.SIGTERM, grace: float = 5.0) -> bool:
    """End the recorded process and its group, politely, then by force. True if there was anything to end."""
    found = alive(record)
    if found:
        _signal_group(record.pid, first)
        deadline = time.monotonic() + grace
        while alive(record) and time.monotonic() < deadline:
            time.sleep(0.05)
        if alive(record):
            _signal_group(record.pid, signal.SIGKILL)
    for pid in stragglers(record, room):
        found = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return found


def end_leftovers(room: Path) -> list[str]:
    """End what a killed launcher left running in this room; the caller holds the room's lock.

    Returns the names of what was found. Records are removed, newest first.
    """
    names = []
    records = sorted((room / "pid").glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in records:
        record = read(path)
        if record and end(record, room):
            names.append(path.stem)
        path.unlink()
    return names


def _signal_group(pid: int, number: signal.Signals) -> None:
    """Every child leads a group of its own, so its id is the group's id too."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
