"""How thorough this run is: `make test` is quick, `make test-full` (PROFILE=full) takes its time. Read here and nowhere else."""

import os

FULL = os.environ.get("PROFILE") == "full"


def size(quick: int, full: int) -> int:
    """The number for this run."""
    return full if FULL else quick
