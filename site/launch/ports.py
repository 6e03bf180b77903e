"""Loopback ports: chosen once, remembered, chosen again only when somebody else took them."""

import json
import random
import socket
from pathlib import Path

from launch.paths import LaunchError

# Below the ports that Linux and macOS hand out for outgoing connections, so that no browser sits on ours.
_CHOICE = range(20000, 32000)


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Whether a server accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def choose(path: Path, names: list[str]) -> dict[str, int]:
    """A free port for each name: the one remembered in the file at `path`, unless it is taken."""
    try:
        known = {str(name): int(port) for name, port in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        known = {}
    chosen: dict[str, int] = {}
    for name in names:
        port = known.get(name, 0)
        while port in chosen.values() or port not in _CHOICE or not is_free(port):
            port = random.choice(_CHOICE)
        chosen[name] = port
    path.write_text(json.dumps(chosen))
    return chosen


def web_port(text: str) -> int:
    """The site's own port, from PORT. Raises LaunchError if it is no number or already taken."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LaunchError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    if not is_free(int(text)):
        raise LaunchError(f"Port {text} is taken by another program. Stop it, or choose: PORT=8001 make run")
    return int(text)
