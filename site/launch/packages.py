"""What the tests need from the system: a browser, Chinese type for its pictures, ffmpeg for films."""

import os
import shutil
import subprocess
from pathlib import Path

from launch.paths import LaunchError
from launch.supervisor import say

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")


def missing() -> list[str]:
    """Debian's names of what this machine lacks."""
    names = []
    if not any(shutil.which(name) for name in _BROWSERS):
        names.append("chromium")
    if not any(found for folder in _FONTS for found in folder.rglob("NotoSansCJK*")):
        names.append("fonts-noto-cjk")
    if not shutil.which("ffmpeg"):
        names.append("ffmpeg")
    return names


def ensure() -> None:
    """Install what is missing if we may, else say so. With CI=true raise LaunchError: CI must test all."""
    names = missing()
    if names and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {' and '.join(names)} for the tests …")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "-y", "--no-install-recommends", *names]):
            subprocess.run(["apt-get", "-qq", *command], env=env, capture_output=True, check=False)
        names = missing()
    if names:
        text = f"The tests need {' and '.join(names)}: apt-get install {' '.join(names)}"
        if os.environ.get("CI") == "true":
            raise LaunchError(text)
        say(text)
