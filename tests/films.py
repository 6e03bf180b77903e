"""Small films and sounds, made by ffmpeg from nothing. Without ffmpeg these tests fail: they are never skipped."""

import subprocess
from pathlib import Path

FILM = ["-f", "lavfi", "-i", "testsrc2=size={size}:rate=10:duration={seconds}"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:duration={seconds}"]


def made(path: Path, *, size: str = "", sound: bool = True, seconds: int = 2, extra: tuple[str, ...] = ()) -> Path:
    """A file whose name says its kind; without a `size` a sound alone."""
    inputs = [part.format(size=size, seconds=seconds) for part in [*(FILM if size else []), *(SOUND if sound else [])]]
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, *extra, str(path)], check=True)
    return path


def turned(source: Path, path: Path) -> Path:
    """The same film as a phone writes it that was held upright."""
    command = [
        "ffmpeg",
        "-nostdin",
        "-v",
        "error",
        "-y",
        "-i",
        str(source),
        "-c",
        "copy",
        "-metadata:s:v:0",
        "rotate=90",
        str(path),
    ]
    subprocess.run(command, check=True)
    return path
