"""What ffmpeg is asked to do. Files come from people: every call is bound in time, memory, protocols and format.

The demuxer is chosen by us from the file's first bytes and never guessed by ffmpeg: a playlist or a `concat:` script
that calls itself a film is read as a film, and fails. Only the `file` protocol is open, and nothing of a file may name
another one.
"""

import json
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

DEMUXERS = {
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "video/mp4": "mov",
    "video/webm": "matroska",
}
MOST_PIXELS = 36_000_000  # 8K of phones
LONGEST_SIDE = 8192
SHORT_SIDES = {"low": 360, "high": 720}
SEGMENT_SECONDS = 6
MEMORY_BYTES = 4 * 1024**3
Beat = Callable[[], None]


class CannotPlay(Exception):
    """The file cannot be made playable; the message is for the person who sent it."""


@dataclass(frozen=True)
class Probe:
    """What a file holds; `width` and `height` as shown, after rotation. `seconds` is None where the file does not say."""

    has_film: bool
    has_sound: bool
    width: int = 0
    height: int = 0
    seconds: float | None = None


def find(name: str) -> str | None:
    """`ffmpeg` or `ffprobe`: beside the one that the setting names, else on the PATH; None where it is missing."""
    if settings.FFMPEG:
        beside = Path(settings.FFMPEG).with_name(name)
        return str(beside) if beside.exists() else None
    return shutil.which(name)


def probe(file: Path, content_type: str, *, beat: Beat) -> Probe:
    """What is in the file. Raises CannotPlay for what is no film or sound, or beyond all measure."""
    out = _run("ffprobe", [*_reading(file, content_type), "-show_streams", "-show_format", "-of", "json"], beat=beat)
    found = json.loads(out)
    streams = found.get("streams", [])
    films = [one for one in streams if one.get("codec_type") == "video" and not one["disposition"].get("attached_pic")]
    sounds = [one for one in streams if one.get("codec_type") == "audio" and one.get("codec_name")]
    if not films and not sounds:
        raise CannotPlay(_("The file holds neither film nor sound."))
    seconds = float(found["format"]["duration"]) if "duration" in found.get("format", {}) else None
    if seconds is not None and seconds > settings.MEDIA_MAX_SECONDS:
        raise CannotPlay(_("The recording is too long: %(hours)s hours at most.") % {"hours": settings.MEDIA_MAX_SECONDS // 3600})
    if not films:
        return Probe(False, True, seconds=seconds)
    width, height = int(films[0].get("width", 0)), int(films[0].get("height", 0))
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        raise CannotPlay(_("The film has too many pixels."))
    if _is_turned(films[0]):
        width, height = height, width
    return Probe(True, bool(sounds), width, height, seconds)


def _is_turned(stream: dict) -> bool:  # type: ignore[type-arg]
    turns = [int(data["rotation"]) for data in stream.get("side_data_list", []) if "rotation" in data]
    return bool(turns) and turns[0] % 180 != 0


def sizes_of(found: Probe) -> dict[str, int]:
    """{name: length of the shorter side}: two sizes, one where the film is small; never larger than the film. Even."""
    short = min(found.width, found.height)
    wanted = {name: max(2, min(side, short) // 2 * 2) for name, side in SHORT_SIDES.items()}
    return wanted if wanted["high"] > wanted["low"] else {"low": wanted["low"]}


def write_size(source: Path, content_type: str, found: Probe, name: str, side: int, folder: Path, *, beat: Beat) -> None:
    """`<name>.m3u8` and its segments `<name>_00000.ts` …, H.264 and AAC."""
    upright = found.height > found.width
    scale = f"scale={side}:-2" if upright else f"scale=-2:{side}"
    film = ["-map", "0:V:0", "-vf", f"{scale},format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "23"]
    film += ["-profile:v", "main", "-fpsmax", "30", "-force_key_frames", f"expr:gte(t,n_forced*{SEGMENT_SECONDS})"]
    packed = ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"]
    packed += ["-hls_segment_filename", f"{folder}/{name}_%05d.ts", f"{folder}/{name}.m3u8"]
    _run("ffmpeg", [*_reading(source, content_type), *_COMMON, *film, "-map", "0:a:0?", *_sound(), *packed], beat=beat)


def write_poster(source: Path, content_type: str, at: float, folder: Path, *, beat: Beat) -> None:
    """`poster.jpg`: the picture at a second, 1280 wide or high at most."""
    fit = "scale='min(1280,iw)':'min(1280,ih)':force_original_aspect_ratio=decrease"
    reading = ["-ss", f"{at:.2f}", *_reading(source, content_type)]
    picture = ["-map", "0:V:0", "-frames:v", "1", "-vf", fit, "-q:v", "4", "-map_metadata", "-1"]
    _run("ffmpeg", [*reading, *picture, "-f", "image2", "-update", "1", f"{folder}/poster.jpg"], beat=beat)


def write_sound(source: Path, content_type: str, folder: Path, *, beat: Beat) -> None:
    """`plain.m4a`: AAC."""
    packed = ["-vn", "-movflags", "+faststart", "-f", "ipod", f"{folder}/plain.m4a"]
    _run("ffmpeg", [*_reading(source, content_type), *_COMMON, "-map", "0:a:0", *_sound(), *packed], beat=beat)


def join_segments(name: str, folder: Path, *, beat: Beat) -> None:
    """`plain.mp4` from the segments of a size that we made: for browsers that know no HLS."""
    reading = ["-protocol_whitelist", "file", "-f", "hls", "-i", f"file:{folder}/{name}.m3u8"]
    _run("ffmpeg", [*reading, "-c", "copy", "-movflags", "+faststart", "-f", "mp4", f"{folder}/plain.mp4"], beat=beat)


def seconds_of(file: Path, *, beat: Beat) -> float:
    """The length of a file that we made."""
    return float(_run("ffprobe", [*_reading(file, "video/mp4"), "-show_entries", "format=duration", "-of", "csv=p=0"], beat=beat))


_COMMON = ["-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"]


def _sound() -> list[str]:
    return ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "44100"]


def _reading(file: Path, content_type: str) -> list[str]:
    demuxer = DEMUXERS.get(content_type)
    if demuxer is None:
        raise CannotPlay(_("The file holds neither film nor sound."))
    # Not all recorders write a length: whatever comes after the limit is not read.
    return ["-protocol_whitelist", "file", "-f", demuxer, "-i", f"file:{file}"]


def _run(name: str, arguments: Sequence[str], *, beat: Beat) -> str:
    """Run one of both programs, calling `beat` about every ten seconds. Raises CannotPlay where it fails or takes too long."""
    program = find(name)
    if program is None:
        raise FileNotFoundError(name)
    limits = ["-nostdin", "-y", "-threads", "2"] if name == "ffmpeg" else []
    command = [program, "-v", "error", *limits, *_with_limit(name, arguments)]
    ends = time.monotonic() + settings.TRANSCODE_MAX_SECONDS
    with subprocess.Popen(  # noqa: S603  (arguments are ours; the file's path is too)
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        with suppress(ProcessLookupError):  # it has ended already
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        try:
            out = _watched(process, ends, beat)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        raise CannotPlay(_("The file is damaged or of a kind that cannot be played."))
    return out


def _with_limit(name: str, arguments: Sequence[str]) -> list[str]:
    """An endless file ends at the limit: as an option of what is written, before its name."""
    if name != "ffmpeg":
        return list(arguments)
    return [*arguments[:-1], "-t", str(settings.MEDIA_MAX_SECONDS), arguments[-1]]


def _watched(process: subprocess.Popen[str], ends: float, beat: Beat) -> str:
    while True:
        try:
            out, _errors = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            if time.monotonic() > ends:
                raise CannotPlay(_("Preparing the recording took too long.")) from None
            beat()
        else:
            return out
