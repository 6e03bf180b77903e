"""gunicorn with two sync workers, for the site and for the yardstick."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(*arguments: str, more: Mapping[str, str] | None = None, port: int = 0) -> Iterator[int]:
    """A running server's port (a free one unless it is named); stopped at the end. `more` goes into its environment."""
    port = port or free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers", "2", "--log-level", "error"]
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", **(more or {})}
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", *arguments], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended at once")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1)
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not listen within 30 s")
