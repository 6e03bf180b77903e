"""Regenerates every asset of the demo: ``PYTHONPATH=site python -m launch.demo.make [pictures|clips]``."""

import sys
from pathlib import Path

from launch.demo import clips
from launch.demo.ukulele import UKULELE

ASSETS = Path(__file__).parent / "assets"


def make_clips() -> None:
    folder = ASSETS / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    for day, lesson in enumerate(UKULELE.lessons, start=1):
        if lesson.music:
            clips.save(lesson.music, folder / f"ukulele-day-{day:02d}.wav")


if __name__ == "__main__":
    if "pictures" not in sys.argv[1:]:
        make_clips()
