"""Players of other sites that a lesson may hold: known hosts only, loaded by a click, without cookies where they offer it.

The addresses are those of the hosts' own "embed" buttons (YouTube's privacy-enhanced mode, Vimeo's `dnt`).
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

# Where frames may come from: the page's Content-Security-Policy names exactly these.
FRAME_HOSTS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://player.bilibili.com",
    "https://w.soundcloud.com",
    "https://open.spotify.com",
)
_YOUTUBE = {"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}
_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")


@dataclass(frozen=True)
class Embed:
    """A player: `host` is its name for people, `src` the frame's address."""

    host: str
    src: str


def embed_of(url: str) -> Embed | None:
    """The player of an address as people copy it, or None for any other address. Never raises."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError:
        return None
    path = [part for part in parts.path.split("/") if part]
    if parts.scheme not in {"http", "https"} or parts.username or parts.port not in {None, 80, 443}:
        return None
    if host == "youtu.be" or host in _YOUTUBE:
        return _youtube(host, path, query)
    if host in {"vimeo.com", "player.vimeo.com"}:
        return _vimeo(path, query)
    if host in {"bilibili.com", "m.bilibili.com", "player.bilibili.com"}:
        found = query.get("bvid") or next((part for part in path if re.fullmatch(r"BV[0-9A-Za-z]{8,14}", part)), "")
        known = re.fullmatch(r"BV[0-9A-Za-z]{8,14}", found)
        return Embed("Bilibili", f"https://player.bilibili.com/player.html?bvid={found}&autoplay=0") if known else None
    if host == "soundcloud.com" and len(path) >= 2:
        track = quote(f"https://soundcloud.com/{'/'.join(path[:3])}", safe="")
        return Embed("SoundCloud", f"https://w.soundcloud.com/player/?url={track}")
    return _spotify(path) if host == "open.spotify.com" else None


def _youtube(host: str, path: list[str], query: dict[str, str]) -> Embed | None:
    if host == "youtu.be":
        ident = path[0] if path else ""
    elif path[:1] and path[0] in {"embed", "shorts", "live", "v"}:
        ident = path[1] if len(path) > 1 else ""
    else:
        ident = query.get("v", "")
    if not _ID.fullmatch(ident) or ident == "videoseries":
        return None
    begin = re.fullmatch(r"(\d{1,5})s?", query.get("t") or query.get("start") or "")
    return Embed("YouTube", f"https://www.youtube-nocookie.com/embed/{ident}" + (f"?start={begin[1]}" if begin else ""))


def _vimeo(path: list[str], query: dict[str, str]) -> Embed | None:
    numbers = [part for part in path if part.isdecimal()]
    if not numbers:
        return None
    after = path[path.index(numbers[0]) + 1 :]
    secret = query.get("h") or (after[0] if after else "")
    key = f"&h={secret}" if re.fullmatch(r"[0-9a-f]{6,20}", secret) else ""
    return Embed("Vimeo", f"https://player.vimeo.com/video/{numbers[0]}?dnt=1{key}")


def _spotify(path: list[str]) -> Embed | None:
    kinds = {"track", "album", "playlist", "episode", "show"}
    found = next((index for index, part in enumerate(path) if part in kinds), None)
    if found is None or len(path) <= found + 1 or not re.fullmatch(r"[0-9A-Za-z]{10,30}", path[found + 1]):
        return None
    return Embed("Spotify", f"https://open.spotify.com/embed/{path[found]}/{path[found + 1]}")
