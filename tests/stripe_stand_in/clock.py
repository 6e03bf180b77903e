"""The stand-in's clock: real time plus CLOCK_OFFSET, so that days can pass in a test."""

import os
import re
import time

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
PART = re.compile(r"(\d+)([smhdw]?)")


def parse_offset(text: str) -> int:
    """Seconds meant by `text`: `90`, `-90`, `3d`, `12h`, `-2h` or `1d12h`. Raises ValueError on anything else."""
    text = text.strip().lower()
    sign = -1 if text.startswith("-") else 1
    body = text.lstrip("+-")
    if not body:
        return 0
    if not re.fullmatch(r"(\d+[smhdw]?)+", body):
        raise ValueError(f"CLOCK_OFFSET {text!r} is neither seconds nor a form such as 3d, 12h or -2h")
    return sign * sum(int(number) * UNITS[unit] for number, unit in PART.findall(body))


class Clock:
    """Reads CLOCK_OFFSET anew at each call; `override` (seconds) wins over it for in-process tests."""

    def __init__(self, override: int | None = None) -> None:
        self.override = override

    @property
    def offset(self) -> int:
        if self.override is not None:
            return self.override
        return parse_offset(os.environ.get("CLOCK_OFFSET", ""))

    def exact(self) -> float:
        return time.time() + self.offset

    def now(self) -> int:
        return int(self.exact())
