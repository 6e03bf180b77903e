"""Children live as long as the launcher and no longer (launch/supervisor.py)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launch import identity
from launch.paths import SITE

_LAUNCHER = """
import pathlib, sys
from launch.processes import Child
from launch.supervisor import Stopped, Supervisor
room = pathlib.Path(sys.argv[1])
with Supervisor(room) as supervisor:
    for number, code in enumerate(sys.argv[2:], 1):
        supervisor.start(Child(f"child{number}", [sys.executable, "-c", code], {}, room, grace=0.5, echo=True))
    print("started", flush=True)
    try:
        supervisor.watch()
    except Stopped:
        print("stopping", flush=True)
print("stopped", flush=True)
"""
_LAST_WORDS = """
import signal, sys, time
def bye(*_):
    with open("order", "a") as file:
        file.write("{name} ")
    sys.exit()
signal.signal(signal.SIGTERM, bye)
print("{name} up", flush=True)
time.sleep(60)
"""
_STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('child up', flush=True); time.sleep(60)"
_ONE_LIFE = """
import pathlib, sys, time
if not pathlib.Path("lived").exists():
    pathlib.Path("lived").touch()
    sys.exit("no luck")
print("second life", flush=True)
time.sleep(60)
"""

Launch = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    launched: list[subprocess.Popen[str]] = []

    def start(*codes: str) -> "subprocess.Popen[str]":
        launcher = subprocess.Popen(
            [sys.executable, "-c", _LAUNCHER, str(tmp_path), *codes],
            env={**os.environ, "PYTHONPATH": str(SITE)},
            stdout=subprocess.PIPE,
            text=True,
        )
        launched.append(launcher)
        return launcher

    yield start
    for launcher in launched:
        launcher.kill()
        launcher.communicate()
    identity.end_leftovers(tmp_path)


def read_until(launcher: "subprocess.Popen[str]", *words: str) -> str:
    """What the launcher prints, up to the line that completes the words."""
    assert launcher.stdout is not None
    text = ""
    while not all(word in text for word in words):
        line = launcher.stdout.readline()
        assert line, f"the launcher ended after: {text}"
        text += line
    return text


def child_ids(room: Path) -> list[int]:
    records = [identity.read(path) for path in sorted((room / "pid").glob("*.json"))]
    return [record.pid for record in records if record]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_child_in_reverse_order(launch: Launch, tmp_path: Path, number: signal.Signals) -> None:
    launcher = launch(*(_LAST_WORDS.replace("{name}", name) for name in ("one", "two", "three")))
    read_until(launcher, "started", "one up", "two up", "three up")
    launcher.send_signal(number)
    read_until(launcher, "stopped")
    assert launcher.wait(timeout=10) == 0
    assert (tmp_path / "order").read_text().split() == ["three", "two", "one"]
    assert child_ids(tmp_path) == []


def test_a_child_that_will_not_stop_is_killed_after_its_grace(launch: Launch, tmp_path: Path) -> None:
    launcher = launch(_STUBBORN)
    read_until(launcher, "child up")
    (child,) = child_ids(tmp_path)
    launcher.terminate()
    read_until(launcher, "stopped")
    assert identity.started_at(child) is None


def test_a_child_that_dies_is_named_with_its_last_words_and_started_again(launch: Launch) -> None:
    launcher = launch(_ONE_LIFE)
    text = read_until(launcher, "second life")
    assert "child1 ended with code 1; starting it again in 1 s" in text
    assert "no luck" in text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie a child's life to its parent's")
def test_a_killed_launcher_takes_its_children_with_it(launch: Launch, tmp_path: Path) -> None:
    launcher = launch(_LAST_WORDS.replace("{name}", "one"))
    read_until(launcher, "one up")
    (child,) = child_ids(tmp_path)
    launcher.kill()
    deadline = time.monotonic() + 5
    while identity.started_at(child):
        assert time.monotonic() < deadline, "the child outlived its launcher"
        time.sleep(0.02)


def test_routine_log_lines_stay_in_the_file_and_errors_reach_the_console(launch: Launch, tmp_path: Path) -> None:
    lines = ['{"level": "INFO", "message": "routine"}', '{"level": "ERROR", "message": "broken", "traceback": "Trace\\nback"}']
    launcher = launch(f"import time; print({lines[0]!r}); print({lines[1]!r}, flush=True); time.sleep(60)")
    assert "routine" not in read_until(launcher, "ERROR broken", "Trace\nback\n")
    assert "routine" in (tmp_path / "log" / "child1.log").read_text()
