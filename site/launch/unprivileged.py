"""PostgreSQL refuses to run as root: a user of its own for it, and what that user can reach."""

import contextlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from launch.paths import LaunchError
from launch.processes import Account

_NAME = "courseyard-pg"


def account() -> Account | None:
    """The user for PostgreSQL when we are root (made on first use), None when we are somebody already."""
    if os.geteuid() != 0:
        return None
    if not _known() and shutil.which("useradd"):
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        made = subprocess.run([*command, "--shell", "/bin/false", _NAME], capture_output=True, check=False)
        if made.returncode and not _known():  # a second launcher may have made it meanwhile
            raise LaunchError(f"useradd {_NAME}: {made.stderr.decode().strip()}")
    return _known() or Account(pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)


def _known() -> Account | None:
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def can(who: Account | None, test: str, path: Path) -> bool:
    """Whether that user passes the shell's file test (`-r`, `-x`) for a path; the kernel decides, not we."""
    if who is None:
        return subprocess.run(["test", test, path], check=False).returncode == 0
    command = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", test, str(path)]
    answer = subprocess.run(command, user=who.uid, group=who.gid, extra_groups=[], cwd="/", check=False)
    return answer.returncode == 0


def own_folder(path: Path, who: Account | None) -> Path:
    """Make a folder that belongs to that user and that nobody else can look into.

    What already stands there is left as it is: in a folder that is open to all it may be somebody's symbolic
    link, and changing its owner as root would give away what it points to.
    """
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700, parents=True)
        if who:
            os.chown(path, who.uid, who.gid)
    return path
