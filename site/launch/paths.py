"""Where the launcher keeps things. A `room` is a folder under var/ that one launcher owns at a time."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"
VAR = Path(os.environ.get("COURSEYARD_VAR", ROOT / "var")).resolve()
RUN_ROOM = VAR / "run"
TEST_ROOMS = VAR / "test"
BENCH_ROOM = VAR / "bench"


class LaunchError(Exception):
    """Something a person must know or do; its text is printed as it is, without a traceback."""


def digest(path: Path) -> str:
    """Ten hexadecimal digits that stand for a folder in names elsewhere on the machine."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can look into. An existing one keeps its permissions."""
    if not path.is_dir():
        path.mkdir(mode=0o700, parents=True)
    return path
