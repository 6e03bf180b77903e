"""Captions as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format"): read with errors by line, and written again.

A cue is [start, end, text], times in milliseconds. Styles, regions, notes and settings of cues are left out.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from kit.text import strip_controls

Cue = list[int | str]
MOST_CUES = 5_000
LONGEST_TEXT = 1_000
_MOMENT = r"(?:([0-9]{2,}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_TIMING = re.compile(rf"{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t].*)?")
_SRT_MOMENT = re.compile(r"([0-5][0-9]:[0-5][0-9]),([0-9]{3})(?=[ \t]*(?:-->|$))", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")


class CaptionsRefused(Exception):
    """The text is no WebVTT; the message names the line."""


def read_cues(source: str) -> list[Cue]:
    """The cues of a WebVTT file; [] of an empty text. Raises CaptionsRefused."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").split("\n")
    if not source.strip():
        return []
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise CaptionsRefused(_("Line 1: the first line must say WEBVTT."))
    cues: list[Cue] = []
    for first, block in _blocks(lines[1:], first=2):
        if block[0].split(maxsplit=1)[0] in {"NOTE", "STYLE", "REGION"}:
            continue
        cues.append(_cue(first, block, after=int(cues[-1][0]) if cues else 0))
    if len(cues) > MOST_CUES:
        raise CaptionsRefused(_("More than %(limit)s captions.") % {"limit": MOST_CUES})
    return cues


def from_file(content: bytes) -> str:
    """The WebVTT of an uploaded file: WebVTT itself, or SubRip (.srt), whose moments have a comma. Raises CaptionsRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaptionsRefused(_("The file is no text in UTF-8.")) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.startswith("WEBVTT") else "WEBVTT\n\n" + _SRT_MOMENT.sub(r"\1.\2", text.lstrip())


def write_cues(cues: Iterable[Cue]) -> str:
    """The same as a WebVTT file."""
    return "\n\n".join(["WEBVTT", *(f"{_clock(int(start))} --> {_clock(int(end))}\n{text}" for start, end, text in cues)]) + "\n"


def _blocks(lines: list[str], *, first: int) -> Iterable[tuple[int, list[str]]]:
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=first):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str], *, after: int) -> Cue:
    named = 0 if "-->" in block[0] else 1
    if named == len(block):
        raise CaptionsRefused(_("Line %(line)s: a time such as 00:01.000 --> 00:04.000 is missing.") % {"line": first})
    line = {"line": first + named}
    match = _TIMING.fullmatch(block[named].strip())
    if match is None:
        raise CaptionsRefused(_("Line %(line)s: times are written as 00:01.000 --> 00:04.000.") % line)
    parts = match.groups()
    start, end = _milliseconds(parts[:4]), _milliseconds(parts[4:])
    if end <= start:
        raise CaptionsRefused(_("Line %(line)s: the caption ends before it begins.") % line)
    if start < after:
        raise CaptionsRefused(_("Line %(line)s: the caption begins before the one above it.") % line)
    text = _TAG.sub("", strip_controls("\n".join(block[named + 1 :]))).strip()
    if not text or "-->" in text or len(text) > LONGEST_TEXT:
        raise CaptionsRefused(_("Line %(line)s: the words of the caption are missing or too long.") % line)
    return [start, end, text]


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _clock(moment: int) -> str:
    seconds, rest = divmod(moment, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
