"""Pasted titles → chapters and lessons, and back. Pure functions: no database here."""

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from courses.flows.outline import OutlineLine
from kit.text import strip_controls

MAX_LESSONS = 400
MAX_TITLE = 160
MAX_MODULE = 120
_MARKS = re.compile(
    r"(?:[-*–—](?=\s)|[•‧·●○]|\d+(?:\.\d+)*[.)、](?!\d)|[(\uff08]\d+[)\uff09]|[一二三四五六七八九十百]+、|\[[ xX]?\])\s*"
)
# What course systems write before a title to say what kind of item it is; it says nothing once the item is a lesson.
_KIND = re.compile(
    r"^(?:videos?|audio|readings?|lectures?|lessons?|quiz|assignments?|discussions?|pages?|影片|視頻|视频|音檔|音频|閱讀|阅读"
    r"|講座|讲座|課文|课文|測驗|测验|作業|作业|討論|讨论)\s*[:\uff1a]\s*(?=\S)",
    re.IGNORECASE,
)
REPEATS = 3
_HEADING = re.compile(r"#{1,6}\s+")


@dataclass
class Outline:
    """What was understood: lessons in order, and how many repeated lines were left out."""

    lines: list[OutlineLine] = field(default_factory=list)
    repeated: int = 0


class OutlineUnreadable(ValueError):
    """The text is no outline; the message is for the person."""


@dataclass
class _Row:
    """A line with words; a divider has none. `takes_level`: lines as deep as this heading belong to it."""

    number: int
    depth: int
    text: str
    is_heading: bool
    takes_level: bool = False

    def holds(self, other: "_Row") -> bool:
        deeper = other.depth > self.depth
        return deeper or (self.takes_level and not other.is_heading and other.depth == self.depth)


def parse(text: str) -> Outline:
    """One title a line. A chapter is a Markdown heading, a line that ends with a colon, or one with deeper lines below;
    a line of dashes ends it.

    A chapter without lessons is a lesson itself. The same title twice in a chapter counts once. Kinds of items that an
    exported outline repeats ("Video: …") are taken off. Raises
    OutlineUnreadable for titles that are too long, too many lessons, or none.
    """
    rows = _rows(text)
    outline, seen = Outline(), set()
    above: list[_Row] = []
    for row, after in itertools.zip_longest(rows, rows[1:]):
        above = [other for other in above if row.text and other.holds(row)]
        if row.text and after is not None and after.text and row.holds(after):
            above.append(row)
        elif row.text:
            line = OutlineLine(_title(row, MAX_TITLE), _module(above))
            outline.repeated += line in seen
            outline.lines += [] if line in seen else [line]
            seen.add(line)
    outline.lines = _without_kinds(outline.lines)
    if not outline.lines:
        raise OutlineUnreadable(_("Write at least one lesson title."))
    if len(outline.lines) > MAX_LESSONS:
        count = {"count": len(outline.lines), "limit": MAX_LESSONS}
        raise OutlineUnreadable(_("%(count)d lessons are too many for one course: %(limit)d at most.") % count)
    return outline


def _without_kinds(lines: Sequence[OutlineLine]) -> list[OutlineLine]:
    """Titles without their kind, where kinds are a habit of this outline; two that would become the same keep it."""
    plain = [
        OutlineLine(_KIND.sub("", line.title, count=1) if _KIND.match(line.title) else line.title, line.module) for line in lines
    ]
    if sum(new != old for new, old in zip(plain, lines, strict=True)) < REPEATS:
        return list(lines)
    times = Counter(plain)
    return [new if times[new] == 1 else old for new, old in zip(plain, lines, strict=True)]


def _rows(text: str) -> list[_Row]:
    rows = [row for number, line in enumerate(text.splitlines(), 1) if (row := _row(number, line))]
    for row, after in itertools.pairwise(rows):
        row.takes_level = row.is_heading and after.depth == row.depth
    return rows


def _row(number: int, line: str) -> _Row | None:
    plain = "".join(" " if char.isspace() else char for char in strip_controls(line.expandtabs(4)))
    plain = "".join(char for char in plain if unicodedata.category(char) != "Cc")
    words = plain.strip()
    if words and not any(char.isalnum() for char in words):
        return _Row(number, 0, "", False) if len(words) > 2 and set(words) <= set("-–—_*") else None
    heading = _HEADING.match(words)
    # Headings lie above all other lines, a deeper heading below a higher one.
    depth = len(heading[0].strip()) - 10 if heading else len(plain) - len(plain.lstrip())
    words = words[heading.end() :] if heading else words
    mark = _MARKS.match(words)
    words = words[mark.end() :] if mark else words
    is_heading = bool(heading) or words.endswith((":", "\uff1a"))
    words = " ".join((words.rstrip(":\uff1a") if is_heading else words).split())
    return _Row(number, depth, words, is_heading) if words else None


def _title(row: _Row, limit: int) -> str:
    if len(row.text) > limit:
        raise OutlineUnreadable(
            _("Line %(line)d is too long for a title (%(count)d characters, %(limit)d at most): “%(start)s…”")
            % {"line": row.number, "count": len(row.text), "limit": limit, "start": row.text[:30]}
        )
    return row.text


def _module(above: Sequence[_Row]) -> str:
    """The chapter's name; of chapters within chapters, the innermost two."""
    titles = [_title(row, MAX_MODULE) for row in above]
    joined = " · ".join(titles[-2:])
    return joined if len(joined) <= MAX_MODULE else titles[-1]


def written(lines: Iterable[OutlineLine]) -> str:
    """The outline as text that `parse` reads as the same outline."""
    parts: list[str] = []
    module = ""
    for line in lines:
        if line.module != module:
            parts += ["", f"# {line.module}" if line.module else "---"]
            module = line.module
        parts.append(f"- {line.title}")
    return "\n".join(parts).strip("\n")
