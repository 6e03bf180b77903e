"""What a killed launcher left behind is ended, and nothing else (launch/identity.py)."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch import identity, processes
from launch.processes import Child, Running

_NAPPER = [sys.executable, "-c", "import time; time.sleep(60)"]
_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
_PARENT = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True)"


@pytest.fixture
def napper() -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(_NAPPER, start_new_session=True) as process:
        yield process
        process.kill()


def started(room: Path, command: list[str]) -> Running:
    return processes.start(Child("nap", command, {}, room), room)


def logged(room: Path) -> str:
    deadline = time.monotonic() + 10
    while not (text := processes.log_of(room, "nap").read_text()).endswith("\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return text.strip()


def test_a_leftover_is_ended_and_its_record_removed(tmp_path: Path) -> None:
    left = started(tmp_path, _NAPPER)
    assert identity.end_leftovers(tmp_path) == ["nap"]
    assert left.process.wait(timeout=5) < 0
    assert identity.end_leftovers(tmp_path) == []


def test_a_stranger_that_got_the_same_process_id_is_left_alone(tmp_path: Path, napper: "subprocess.Popen[bytes]") -> None:
    (tmp_path / "pid").mkdir()
    identity.write(tmp_path / "pid", "postgres", napper.pid, ["postgres"])
    path = tmp_path / "pid" / "postgres.json"
    began = identity.started_at(napper.pid)
    assert began
    assert began in path.read_text()
    path.write_text(path.read_text().replace(began, began[:-1] + ("1" if began[-1] == "0" else "0")))
    assert identity.end_leftovers(tmp_path) == []
    assert napper.poll() is None
    assert not path.exists()


def test_the_control_the_same_process_with_its_true_record_is_ended(tmp_path: Path, napper: "subprocess.Popen[bytes]") -> None:
    (tmp_path / "pid").mkdir()
    identity.write(tmp_path / "pid", "postgres", napper.pid, ["postgres"])
    assert identity.end_leftovers(tmp_path) == ["postgres"]
    assert napper.wait(timeout=5) < 0


def test_a_damaged_record_is_removed_and_harms_nobody(tmp_path: Path) -> None:
    (tmp_path / "pid").mkdir()
    (tmp_path / "pid" / "web.json").write_text('{"pid": 1')
    assert identity.end_leftovers(tmp_path) == []
    assert not list((tmp_path / "pid").iterdir())


def test_a_leftover_that_ignores_the_polite_signal_is_killed(tmp_path: Path) -> None:
    left = started(tmp_path, [sys.executable, "-c", _STUBBORN])
    assert logged(tmp_path) == "up"
    record = identity.read(processes.record_of(tmp_path, "nap"))
    assert record
    assert identity.end(record, tmp_path, grace=0.2)
    assert left.process.wait(timeout=5) == -9


@pytest.mark.skipif(not identity.PROC.is_dir(), reason="the orphans of a group are found through /proc")
def test_orphans_of_a_dead_leader_are_ended_too(tmp_path: Path) -> None:
    left = started(tmp_path, [sys.executable, "-c", _PARENT])
    orphan = int(logged(tmp_path))
    left.process.wait(timeout=5)
    assert identity.end_leftovers(tmp_path) in (["nap"], [])
    deadline = time.monotonic() + 5
    while identity.started_at(orphan):
        assert time.monotonic() < deadline, "the orphan still runs"
        time.sleep(0.02)
