"""One launcher per room (launch/locks.py)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launch import locks
from launch.paths import SITE

_HOLD = "import sys, pathlib; from launch import locks; locks.hold(pathlib.Path(sys.argv[1])); print(1, flush=True); input()"


def test_a_second_launcher_is_refused_by_name_and_a_killed_one_frees_the_room(tmp_path: Path) -> None:
    room = tmp_path / "run"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(room)],
        env={"PYTHONPATH": str(SITE)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"1\n"
        with pytest.raises(locks.Busy, match=f"process {other.pid} "):
            locks.hold(room)
        other.kill()
    os.close(locks.hold(room))
