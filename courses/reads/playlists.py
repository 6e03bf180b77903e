"""Playlists of a film (RFC 8216): they name addresses of ours, each of which asks again who may have it."""

import math
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q

from courses.models import Media, Transcode
from kit.clock import now

SEGMENT = re.compile(r"(?P<name>low|high)_(?P<number>[0-9]{5})\.ts")
PATIENCE = timedelta(hours=1)
LENGTH = re.compile(r"#EXTINF:([0-9.]+)")


def size_of(name: str, side: int, width: int, height: int, folder: Path) -> dict[str, Any]:
    """One entry of `Transcode.sizes`, from the playlist and segments that ffmpeg wrote."""
    lengths = [float(one) for one in LENGTH.findall((folder / f"{name}.m3u8").read_text())]
    bits = [8 * (folder / f"{name}_{number:05d}.ts").stat().st_size for number in range(len(lengths))]
    peak = max(math.ceil(size / length) for size, length in zip(bits, lengths, strict=True) if length)
    scale = side / min(width, height)
    shown = [round(value * scale / 2) * 2 for value in (width, height)]
    return {"name": name, "width": shown[0], "height": shown[1], "bandwidth": peak, "segments": lengths}


def prepared_form(media: Media) -> Transcode | None:
    """What a file became, if it is ready. One query; none for a file that has no such form."""
    if media.playable == Media.Playable.AS_SENT:
        return None
    return Transcode.objects.filter(source=media.key, state=Transcode.State.READY).first()


def in_preparation(items: Iterable[Media]) -> set[int]:
    """Ids of the films that a worker has yet to make playable. One query where a film is as it was sent, none else.

    Work that nobody takes up for an hour (no ffmpeg, no worker) is not waited for: the film is then offered as it was sent.
    """
    films = [item for item in items if item.kind == Media.Kind.VIDEO and item.playable == Media.Playable.AS_SENT]
    if not films:
        return set()
    waiting = Q(state=Transcode.State.QUEUED, created_at__gt=now() - PATIENCE) | Q(state=Transcode.State.WORKING)
    rows = Transcode.objects.filter(waiting, source__in=[item.key for item in films])
    sources = set(rows.values_list("source", flat=True))
    return {item.pk for item in films if item.key in sources}


def plain_key(row: Transcode) -> str:
    """The key of the form that every browser plays in one piece."""
    return f"{row.folder}/plain.{'mp4' if row.is_film else 'm4a'}"


def prepared_key(source: str) -> str:
    """The key to play for an uploaded recording: the prepared form where there is one, else what was sent. One query."""
    row = Transcode.objects.filter(source=source, state=Transcode.State.READY).first()
    return plain_key(row) if row else source


def playlist(row: Transcode, part: str) -> str | None:
    """`film.m3u8`, which names the sizes, or `<size>.m3u8`, which names its segments; None for anything else."""
    if part == "film.m3u8" and row.sizes:
        lines = [_variant(size) for size in row.sizes]
        return "\n".join(["#EXTM3U", "#EXT-X-VERSION:3", *lines, ""])
    size = next((one for one in row.sizes if part == f"{one['name']}.m3u8"), None)
    return _segments(size) if size else None


def _variant(size: dict[str, Any]) -> str:
    facts = f"BANDWIDTH={size['bandwidth']},RESOLUTION={size['width']}x{size['height']}"
    return f"#EXT-X-STREAM-INF:{facts}\n{size['name']}.m3u8"


def _segments(size: dict[str, Any]) -> str:
    longest = math.ceil(max(size["segments"]))
    head = ["#EXTM3U", "#EXT-X-VERSION:3", f"#EXT-X-TARGETDURATION:{longest}", "#EXT-X-PLAYLIST-TYPE:VOD"]
    lines = [f"#EXTINF:{seconds:.6f},\n{size['name']}_{number:05d}.ts" for number, seconds in enumerate(size["segments"])]
    return "\n".join([*head, *lines, "#EXT-X-ENDLIST", ""])


def part_key(row: Transcode, part: str) -> str | None:
    """The key of a segment, the poster or the plain form; None for what this film does not have."""
    if part in {"plain.mp4", "plain.m4a"} and plain_key(row).endswith(part):
        return plain_key(row)
    if part == "poster.jpg" and row.is_film:
        return f"{row.folder}/poster.jpg"
    match = SEGMENT.fullmatch(part)
    size = next((one for one in row.sizes if match and one["name"] == match["name"]), None)
    if match is None or size is None or int(match["number"]) >= len(size["segments"]):
        return None
    return f"{row.folder}/{part}"
