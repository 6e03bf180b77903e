"""Reads the small markup that lessons are written in.

Blank lines separate chunks. A chunk that starts with ``- `` is a list of steps, ``! `` a callout, ``@15 `` a
practice of fifteen minutes, ``[picture] `` and ``[clip] `` place an asset with its caption, and any other
chunk is a paragraph. Chinese needs no space where a line was broken, so lines are joined without one.
"""

import re
from textwrap import dedent

from launch.demo.content import Audio, Block, Callout, Image, LessonContent, Music, Paragraph, Practice, Steps

_PRACTICE = re.compile(r"@(\d+) (.*)")


def lesson(
    course: str,
    number: int,
    *,
    title: str,
    goal: str,
    body: str,
    summary: str,
    music: Music | None = None,
    is_preview: bool = False,
) -> LessonContent:
    """A lesson whose picture and clip are named after the course and the day."""
    stem = f"{course}-day-{number:02d}"
    return LessonContent(
        slug=f"day-{number}",
        title=title,
        goal=goal,
        sections=blocks(body, stem),
        summary=joined(summary),
        music=music,
        is_preview=is_preview,
    )


def blocks(body: str, stem: str) -> tuple[Block, ...]:
    chunks = re.split(r"\n\s*\n", dedent(body).strip())
    return tuple(_block(chunk, stem) for chunk in chunks)


def joined(text: str) -> str:
    return "".join(line.strip() for line in text.strip().splitlines())


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(joined(chunk) for chunk in re.split(r"\n\s*\n", dedent(text).strip()))


def _block(chunk: str, stem: str) -> Block:
    if chunk.startswith("- "):
        return Steps(tuple(joined(item) for item in re.split(r"^- ", chunk, flags=re.M) if item.strip()))
    text = joined(chunk)
    if text.startswith("! "):
        return Callout(text[2:])
    if text.startswith("[picture] "):
        return Image(f"pictures/{stem}.webp", text[10:])
    if text.startswith("[clip] "):
        return Audio(f"clips/{stem}.wav", text[7:])
    if practice := _PRACTICE.match(text):
        return Practice(int(practice[1]), practice[2])
    return Paragraph(text)
