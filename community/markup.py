"""What a post shows beyond its stored HTML: files in their places, mentions as links, "2:14" as a place in the lesson.

All of it depends on the reader or may change (a handle, an address), so that it is put in when the post is shown. The
stored HTML went through kit.text, which escapes < and > in text and attributes: cutting it at tags is safe.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kit.templatetags.design import piece
from kit.text import render_markdown

HANDLE = re.compile(r"(?<![A-Za-z0-9_@/.-])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9]))(?![A-Za-z0-9_@])")
MOST_MENTIONS = 10
_PICTURE = re.compile(r"!(\[[^\]\n]*\]\(#file-\d+\))")
_ANY_FILE = re.compile(r"!?\[([^\]\n]*)\]\(#file-\d+\)")
_TAG = re.compile(r"(<[^>]*>)")
_QUIET = re.compile(r"<(/?)(?:a|code|pre)\b")
_FILE = re.compile(r'<a href="#file-(\d{1,18})" rel="nofollow ugc noopener">([^<]*)</a>')
_SECOND = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,2}):([0-5]\d)(?![\d:])")


def render(source: str) -> str:
    """Safe HTML of a post. A file of the post stands where a link leads to #file-<id>, written as link or picture."""
    return render_markdown(_PICTURE.sub(r"\1", source))


def handles_in(html: str) -> list[str]:
    """Handles that a post names, in lower case, each once; what stands in code or links is nobody."""
    found = (name.lower() for text, is_quiet in _pieces(html) if not is_quiet for name in HANDLE.findall(text))
    return list(dict.fromkeys(found))[:MOST_MENTIONS]


def shown(
    html: str, *, space: str, files: Sequence[Mapping[str, Any]] = (), people: Mapping[str, str] | None = None, lesson: str = ""
) -> SafeString:
    """A post's HTML as a reader sees it, with its files: each in its place, the others below.

    `space` is the slug, `files` are {id, kind, name, size, width, height}; `people` gives the address of each handle that
    was mentioned, "" for a page that is not public; `lesson` is the address of the lesson that the topic is about.
    """
    if people or (lesson and ":" in html):
        html = _with_links(html, people or {}, lesson)
    if not files:
        return mark_safe(html)  # noqa: S308  (made by kit.text, which sanitises)
    known, placed = {int(file["id"]): file for file in files}, set()

    def place(match: re.Match[str]) -> str:
        file = known.get(int(match[1]))
        if file is None or file["id"] in placed:
            return match[2]
        placed.add(file["id"])
        return file_shown(file, space)

    html = _FILE.sub(place, html)
    below = "".join(file_shown(file, space) for file in files if file["id"] not in placed)
    return mark_safe(html + (str(piece("design/attachments", content=mark_safe(below))) if below else ""))  # noqa: S308


def addresses(people: Mapping[str, str]) -> dict[str, str]:
    """Handle as written → address of the person's page; "" where it is not public."""
    return {name: reverse("people:person", args=[handle]) if handle else "" for name, handle in people.items()}


def file_shown(file: Mapping[str, Any], space: str) -> str:
    """One file as a picture, a player or a row to download."""
    href = reverse("community:file", args=[space, file["id"]])
    values = {name: file[name] for name in ("kind", "name", "size", "width", "height")}
    return str(piece("design/attachment", href=href, **values)).strip()


def quoted(source: str, name: str, address: str) -> str:
    """Markdown that quotes a post's source under its author's name, which links to the post. Quotes in it are left out."""
    lines = _ANY_FILE.sub(r"\1", source).strip().splitlines()
    spoken = "\n".join(line for line in lines if not line.lstrip().startswith(">")).strip().splitlines() or lines
    label = re.sub(r"([\\\[\]*_`<>])", r"\\\1", name)
    return "\n".join([f"> **[{label}]({address})**", ">", *(f"> {line}".rstrip() for line in spoken)]).strip() + "\n\n"


def _with_links(html: str, people: Mapping[str, str], lesson: str) -> str:
    def name(match: re.Match[str]) -> str:
        address = people.get(match[1].lower())
        return match[0] if address is None else str(piece("design/mention", handle=match[1], href=address)).strip()

    def second(match: re.Match[str]) -> str:
        at = int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
        return str(piece("design/second", text=match[0], href=f"{lesson}?t={at}")).strip()

    steps: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [(HANDLE, name)] if people else []
    steps += [(_SECOND, second)] if lesson else []
    return "".join(text if is_quiet else _replaced(text, steps) for text, is_quiet in _pieces(html))


def _replaced(text: str, steps: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]) -> str:
    """Each step over the texts that the steps before it left alone."""
    for pattern, change in steps:
        text = "".join(part if is_quiet else pattern.sub(change, part) for part, is_quiet in _pieces(text))
    return text


def _pieces(html: str) -> Iterator[tuple[str, bool]]:
    """Tags and texts in order; True for tags, and for texts within links and code."""
    depth = 0
    for part in _TAG.split(html):
        if part.startswith("<"):
            if match := _QUIET.match(part):
                depth += -1 if match[1] else 1
            yield part, True
        elif part:
            yield part, depth > 0
