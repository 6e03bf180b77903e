"""One launcher per room at a time."""

import fcntl
import os
from pathlib import Path

from launch.paths import LaunchError


class Busy(LaunchError):
    """Another launcher holds the room."""


def hold(room: Path) -> int:
    """Lock a room until this process ends, and return the lock's file descriptor.

    The file stands beside the room, so that the room itself may be deleted under the lock.
    Raises Busy if another process holds it; the kernel frees it however that process ends.
    """
    path = room.with_name(room.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise LaunchError(f"{path.parent} belongs to another user. Run this as that user, or remove the folder.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode() or "unknown"
        os.close(descriptor)
        raise Busy(f"Already running as process {holder} in {room}. Stop that with Ctrl-C first.") from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
