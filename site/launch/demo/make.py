"""Regenerates every asset of the demo: ``PYTHONPATH=site python -m launch.demo.make [pictures|clips]``.

The clips need numpy, which is among the development requirements; the pictures need Pillow alone.
"""

import sys
from pathlib import Path

from launch.demo.ukulele import UKULELE

ASSETS = Path(__file__).parent / "assets"


def make_clips() -> None:
    from launch.demo import clips

    folder = ASSETS / "clips"
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in UKULELE.lessons:
        if lesson.music:
            day = int(lesson.slug.removeprefix("day-"))
            clips.save(lesson.music, folder / f"ukulele-day-{day:02d}.wav")


def make_pictures() -> None:
    from launch.demo.draw import pictures

    for name, draw in pictures():
        draw().save(ASSETS / "pictures" / f"{name}.webp")


def main(wanted: list[str]) -> None:
    if "pictures" not in wanted:
        make_clips()
    if "clips" not in wanted:
        make_pictures()


if __name__ == "__main__":
    main(sys.argv[1:])
