"""PostgreSQL and S3 for tests: fast, and never shared by two runs."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

from launch import locks, ports, postgres, unprivileged
from launch.environment import TEST_MARK, queue_address, write_script
from launch.identity import end_leftovers
from launch.paths import BENCH_ROOM, TEST_ROOMS, LaunchError, private_folder
from launch.processes import tied_to_launcher
from launch.s3 import Buckets
from launch.supervisor import Stopped, Supervisor, say

_SPARE_ROOMS = 20


def hold_test_room() -> Path:
    """The first test room that nobody uses. The first room's cluster is kept: the next run starts quicker."""
    for number in range(_SPARE_ROOMS):
        room = TEST_ROOMS / str(number)
        try:
            locks.hold(room)
        except locks.Busy:
            continue
        end_leftovers(room)
        return room
    raise locks.Busy(f"{_SPARE_ROOMS} test runs at once hold every room in {TEST_ROOMS}.")


def hold_bench_room() -> Path:
    """The room of measurements, one at a time; what `make bench-data` filled stays in it. Raises Busy."""
    locks.hold(BENCH_ROOM)
    end_leftovers(BENCH_ROOM)
    return BENCH_ROOM


def start(supervisor: Supervisor, *, durable: bool = False) -> dict[str, str]:
    """Start both services with empty buckets and return the environment that leads to them."""
    room = supervisor.room
    cluster = postgres.prepare(room, durable=durable)
    supervisor.start(cluster.child(), cluster.answers)
    shutil.rmtree(room / "s3", ignore_errors=True)
    numbers = ports.choose(room / "ports.json", ["s3", "s3_public"])
    folder, keys = private_folder(room / "s3"), (secrets.token_hex(10), secrets.token_hex(20))
    buckets = Buckets(folder, numbers["s3"], numbers["s3_public"], *keys)
    started = [(supervisor.start(child), port) for child, port in buckets.children()]
    for running, port in started:
        supervisor.wait(running, partial(ports.answers, port))
    cluster.make_databases(postgres.NAME, f"{postgres.NAME}_queue")
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": cluster.address(),
        "CELERY_BROKER_URL": queue_address(cluster.address(f"{postgres.NAME}_queue")),
        **buckets.env(),
    }


def run_command(command: list[str], *, durable: bool = False) -> int:
    """`launch exec -- CMD`: run a command beside the services; its exit code (128 + n after signal n)."""
    room = hold_bench_room() if durable else hold_test_room()
    with Supervisor(room) as supervisor:
        env = start(supervisor, durable=durable)
        process = subprocess.Popen(command, env={**os.environ, **env}, preexec_fn=tied_to_launcher(signal.SIGTERM))
        # Ctrl-C reaches the command by itself, being in our group: its answer to that is ours.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = process.wait()
        except Stopped:
            process.terminate()
            code = process.wait()
    if not durable and room.name != "0":
        discard(room)
    return code if code >= 0 else 128 - code


def serve() -> None:
    """`launch services`: the same in the foreground, for shells that source var/test/env.sh."""
    room = hold_test_room()
    script = TEST_ROOMS / "env.sh"
    with Supervisor(room) as supervisor:
        env = start(supervisor)
        lines = write_script(script, {**env, TEST_MARK: "1"})
        # A test database per shell, so that two shells can run tests at once.
        own = 'export TEST_DATABASE_NAME="test_courseyard_$$"\n'
        script.write_text(lines + own)
        say(lines + own + f"# The same: . {script}   Ctrl-C stops the services.")
        try:
            supervisor.watch()
        except Stopped:
            script.unlink(missing_ok=True)


def discard(room: Path) -> None:
    """Delete a room's folders, wherever they are. Raises LaunchError for what another user owns."""
    for folder in (room, postgres.away(room)):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise LaunchError(f"{folder} cannot be deleted: {error}") from error
    who = unprivileged.account()
    for folder in postgres.socket_folders(room, who.uid if who else os.geteuid()):
        with contextlib.suppress(OSError):
            folder.rmdir()
