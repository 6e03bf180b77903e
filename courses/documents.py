"""A Word or Markdown file as chapters and lessons: one level of its headings begins lessons, higher ones are chapters."""

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import PurePosixPath
from typing import IO, Any

import mammoth
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from courses.cartridge.archive import MOST_XML, Archive, CartridgeRefused
from courses.cartridge.html import Block, read_page
from courses.cartridge.xml import parse_xml

LARGEST = 50 * 1024**2
LARGEST_TEXT = 2 * 1024**2
MOST_LESSONS = 400
LONGEST_TITLE, LONGEST_MODULE = 160, 120
TEXTS = frozenset([".md", ".markdown", ".txt"])
# Titles that repeat are parts of lessons ("Goal", "Practice"), not lessons.
UNIQUE_SHARE = 0.8
_HEADING = re.compile(r"<h([1-6])(?: [^>]*)?>(.*?)</h\1>", re.S)
_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"
_WEB = re.compile(r"(?:https?://|mailto:)\S+\Z", re.I)


class DocumentRefused(Exception):
    """No document that we can read; the text is for people."""


@dataclass(frozen=True)
class Section:
    """A lesson to be. `blocks` are raw StreamField data, pictures by their name in the document (cartridge.html.Page)."""

    title: str
    module: str
    blocks: Sequence[Block]


@dataclass
class Document:
    """What was read: HTML of ours, pictures by name, and what could not be taken, in words."""

    name: str
    html: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @property
    def levels(self) -> list[int]:
        """Levels of its headings, highest (1) first."""
        return sorted({level for level, _title, _html in _parts(self.html) if level})


def read_document(file: IO[bytes], name: str) -> Document:
    """A .docx, .md or .txt of 50 MB (2 MB) at most. Raises DocumentRefused."""
    suffix = PurePosixPath(name).suffix.lower()
    file.seek(0, io.SEEK_END)
    if file.tell() > (LARGEST_TEXT if suffix in TEXTS else LARGEST):
        raise DocumentRefused(_("The document is too large."))
    file.seek(0)
    if suffix in TEXTS:
        return _read_markdown(file.read(), name)
    if suffix == ".docx":
        return _read_word(file, name)
    raise DocumentRefused(_("Please give a Word file (.docx) or Markdown (.md, .txt). Word saves older files as .docx."))


def _read_markdown(raw: bytes, name: str) -> Document:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(_("The file is not in UTF-8. Please save it in that encoding.")) from error
    text = re.sub(r"\A---\n.*?\n---\n", "", text.replace("\r\n", "\n"), count=1, flags=re.S)  # what editors keep for themselves
    return Document(name, MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(text))


def _read_word(file: IO[bytes], name: str) -> Document:
    """mammoth reads it once our own guard has seen every part: bombs, links, document types and entities are refused."""
    try:
        archive = Archive(file)
        if "word/document.xml" not in archive:
            raise DocumentRefused(_("This is no Word document."))
        for part in archive.names:
            if part.endswith((".xml", ".rels")):
                parse_xml(archive.read(part, most=MOST_XML), part)
    except CartridgeRefused as error:
        raise DocumentRefused(str(error)) from error
    found = Document(name, "")

    def keep(picture: Any) -> dict[str, str]:
        label = f"{len(found.pictures) + 1}"
        with picture.open() as content:
            found.pictures[label] = content.read()
        return {"src": label}

    file.seek(0)
    try:
        result = mammoth.convert_to_html(
            io.BytesIO(file.read()), convert_image=mammoth.images.img_element(keep), style_map=_STYLES
        )
    except Exception as error:  # whatever a library meets in a file that a stranger made
        raise DocumentRefused(_("This Word document is damaged.")) from error
    found.html = result.value
    found.lost = [message.message[:200] for message in result.messages if message.type == "error"]
    return found


def sections(document: Document, level: int = 0) -> list[Section]:
    """Its lessons, in order; `level` is that of the headings that begin one, 0 for the likely one.

    Raises DocumentRefused where there is nothing to read, or too much for one course.
    """
    parts = _parts(document.html)
    level = level or likely_level(parts)
    rows = _cut(parts, level, PurePosixPath(document.name).stem)
    lessons = [lesson for row in rows if (lesson := _section(document, *row)) is not None]
    if not lessons:
        raise DocumentRefused(_("The document is empty."))
    if len(lessons) > MOST_LESSONS:
        count = {"count": len(lessons), "limit": MOST_LESSONS}
        raise DocumentRefused(_("%(count)d lessons are too many for one course: %(limit)d at most.") % count)
    return lessons


def _cut(parts: "Sequence[_Part]", level: int, stem: str) -> Iterator[tuple[str, str, str, bool]]:
    """Lessons as title, chapter, HTML, and whether a heading of that very level began it."""
    title = next((words for found, words, _html in parts if found < 0), stem)
    above: dict[int, str] = {}
    html, begun = "", False
    for found, heading, below in parts:
        if found <= 0:
            html += below
        elif found > level:
            html += f"<h{found}>{escape(heading)}</h{found}>{below}"
        else:
            yield title, _module(above), html, begun
            above = {known: name for known, name in above.items() if known < found}
            title, html, begun = heading, below, found == level
            if found < level:
                above[found] = heading
    yield title, _module(above), html, begun


_Part = tuple[int, str, str]


def _parts(html: str) -> list[_Part]:
    """(level, heading's words, what follows up to the next heading); level 0 before the first, -1 for the document's title."""
    cuts = [*_HEADING.finditer(html)]
    found: list[_Part] = [(0, "", html[: cuts[0].start()] if cuts else html)]
    for cut, after in itertools.zip_longest(cuts, cuts[1:]):
        words = " ".join(unescape(re.sub(r"<[^>]+>", "", cut[2])).split())
        between = html[cut.end() : after.start() if after else len(html)]
        pictures = "".join(re.findall(r"<img [^>]*>", cut[2]))
        is_title = 'class="title"' in cut[0].split(">")[0]
        level = -1 if is_title else int(cut[1]) if words else 0
        found.append((level, words, pictures + between))
    return _with_title(found)


def _with_title(parts: list[_Part]) -> list[_Part]:
    """A first heading that stands alone at its level, above all others, is the document's title."""
    heads = [level for level, _title, _html in parts if level > 0]
    if len(heads) < 3 or heads.count(heads[0]) > 1 or min(heads) < heads[0] or len(set(heads)) < 2:
        return parts
    first = next(number for number, part in enumerate(parts) if part[0] > 0)
    _level, title, html = parts[first]
    return [*parts[:first], (-1, title, html), *parts[first + 1 :]]


def likely_level(parts: Sequence[_Part]) -> int:
    """The second level where its headings differ from each other, else the highest; 1 where there is none."""
    levels = sorted({level for level, _title, _html in parts if level > 0})
    if len(levels) < 2:
        return levels[0] if levels else 1
    titles = Counter(title for level, title, _html in parts if level == levels[1])
    tops = sum(level == levels[0] for level, _title, _html in parts)
    is_outline = len(titles) >= UNIQUE_SHARE * titles.total() and titles.total() >= tops
    return levels[1] if is_outline else levels[0]


def _module(above: dict[int, str]) -> str:
    names = list(above.values())
    joined = " · ".join(names[-2:])
    return (joined if len(joined) <= LONGEST_MODULE else names[-1])[:LONGEST_MODULE]


def _section(document: Document, title: str, module: str, html: str, begun: bool) -> Section | None:
    """None for a chapter's heading, or the space before the first one, with nothing below."""

    def resolve(href: str) -> tuple[str, str] | None:
        if href in document.pictures:
            return ("media", href)
        return ("link", href) if _WEB.match(href) else None

    page = read_page(html, resolve)
    document.lost += [lost for lost in page.lost if lost not in document.lost]
    return Section(title[:LONGEST_TITLE], module, page.blocks) if begun or page.blocks else None
