"""A page of HTML as blocks of a lesson: words, headings, code, tables, pictures and films each in their own block."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

import nh3

from courses.cartridge.xml import CHINESE
from kit.embeds import embed_of
from kit.text import strip_controls

Block = dict[str, Any]
# How a reference inside the page is read: ("media", file's name) | ("link", address) | None where it leads nowhere.
Resolve = Callable[[str], tuple[str, str] | None]
KEPT = {"p", "br", "b", "strong", "i", "em", "sub", "sup", "ul", "ol", "li", "a"}
PLAIN = {"strong": "b", "em": "i"}
BREAKS = {"div", "section", "article", "blockquote", "figure", "figcaption", "dl", "dt", "dd", "header", "footer", "main", "tr"}
# Their words are not for reading. Not "head" and "object": the first may stay open, the second holds words for those without it.
SILENT = {"script", "style", "template", "svg", "math"}
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.I)
HEADINGS = {f"h{level}" for level in range(1, 7)}
SHOWN = {"img", "iframe", "embed", "audio", "video", "source", "object"}
MOST_HEADING, MOST_CELLS, MOST_SPAN, LONGEST_CELL = 200, 4000, 100, 500


@dataclass
class Page:
    """Blocks as raw StreamField data; a media block's value is {"file": name in the archive, "caption": ""} until it is
    stored. `title` is the page's own, `meta` its <meta> values, `lost` what could not be shown.
    """

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def words_of(data: bytes) -> str:
    """A file of HTML as text: by its byte order mark, as UTF-8, or in the encoding that it declares; never raises."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        declared = CHARSET.search(data[:2048])
        name = declared[1].decode().lower() if declared else "windows-1252"
    try:
        return data.decode(CHINESE.get(name, name), "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def read_page(source: str, resolve: Resolve) -> Page:
    """Any HTML; never raises. Scripts and styles are left out; what a script would have made is not in the page."""
    reader = _Reader(resolve)
    reader.feed(strip_controls(source))
    reader.close()
    reader.flush()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, resolve: Resolve) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.resolve = Page(), resolve
        self.words: list[str] = []
        self.silent, self.sink, self.kept = 0, "", ""
        self.rows: list[list[str]] = []
        self.span, self.cells = (1, 1), 0
        self.taken: dict[int, int] = {}  # column → how many more rows a cell from above covers there
        self.heads = False
        self.behind: list[Block] = []
        self.table_depth = 0

    # Words

    def handle_data(self, data: str) -> None:
        if self.sink:
            self.kept += data
        elif self.silent == 0:
            self.words.append(nh3.clean_text(data) if data.strip() else data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("name"):
            self.page.meta[values["name"].lower()] = values.get("content", "")
        if tag == "title":
            self.sink, self.kept = "title", ""
        elif tag in SILENT:
            self.silent += 1
        elif self.silent:
            return
        elif self.table_depth:
            self._in_table(tag, values)
        elif tag in HEADINGS or tag == "pre":
            self.flush()
            self.sink, self.kept = tag, ""
        elif tag == "table":
            self.flush()
            self.table_depth, self.rows, self.heads, self.behind = 1, [], False, []
            self.taken, self.cells = {}, 0
        elif tag in SHOWN:
            self._show(tag, values, self.page.blocks)
        elif tag == "a" and self.sink:
            if found := self.resolve(values.get("href", "")) if values.get("href") else None:
                self.behind.append(self._block_of(found, ""))
        elif tag == "a":
            self.words.append(self._anchor(values.get("href", "")))
        elif tag == "hr" or tag in BREAKS:
            self.words.append("</p><p>")
        elif tag in KEPT and not self.sink:
            self.words.append(f"<{PLAIN.get(tag, tag)}>")

    def _in_table(self, tag: str, values: dict[str, str]) -> None:
        if tag in {"tr", "td", "th"} and self.table_depth == 1 and self.sink == "cell":
            self._out_of_table("td")  # its end was left out, as HTML allows
        if tag == "table":
            self.table_depth += 1
        elif tag == "tr" and self.table_depth == 1:
            self._cover(until=max((column for column, lines in self.taken.items() if lines), default=-1))
            self.rows.append([])
        elif tag in {"td", "th"} and self.table_depth == 1:
            self.heads = self.heads or (tag == "th" and len(self.rows) == 1)
            self.sink, self.kept = "cell", ""
            self.span = (_span(values.get("colspan", "")), _span(values.get("rowspan", "")))
        elif tag in {"br", "p", "li", "div"}:
            self.kept += " "
        elif tag in SHOWN:
            self._show(tag, values, self.behind)
        elif tag == "a" and (found := self.resolve(values.get("href", "")) if values.get("href") else None):
            self.behind.append(self._block_of(found, values.get("title", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self.sink == "title":
            self.page.title, self.sink = " ".join(self.kept.split()), ""
        elif tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif self.silent:
            return
        elif self.table_depth:
            self._out_of_table(tag)
        elif self.sink == tag:
            self._end_sink(tag)
        elif tag in BREAKS:
            self.words.append("</p><p>")
        elif tag in KEPT and tag != "br" and not self.sink:
            self.words.append(f"</{PLAIN.get(tag, tag)}>")

    def _end_sink(self, tag: str) -> None:
        words, self.sink = self.kept, ""
        if tag == "pre" and words.strip():
            self.page.blocks.append({"type": "code", "value": {"language": "", "code": words.strip("\n")}})
        elif words.strip():
            whole = " ".join(words.split())
            kind = "heading" if len(whole) <= MOST_HEADING else "text"
            self.page.blocks.append(
                {"type": kind, "value": whole if kind == "heading" else safe_text(f"<b>{nh3.clean_text(whole)}</b>")}
            )
        self.page.blocks += self.behind
        self.behind = []

    def _out_of_table(self, tag: str) -> None:
        if tag in {"td", "th"} and self.sink == "cell" and self.table_depth == 1:
            self._put_cell(" ".join(self.kept.split()))
            self.sink = ""
        elif tag == "table":
            self._out_of_table("td")  # its end was left out, as HTML allows
            self.table_depth -= 1
            if self.table_depth == 0:
                self.sink = ""
                self._end_table()

    def _put_cell(self, words: str) -> None:
        """The words in the next free column; what the cell covers beside and below it stays empty. A table that is too large
        for a block covers nothing: it becomes words.
        """
        if not self.rows:
            self.rows.append([])
        self._cover()
        row, (columns, lines) = self.rows[-1], self.span if self.cells <= MOST_CELLS else (1, 1)
        for column in range(len(row), len(row) + columns):
            self.taken[column] = lines - 1
        row += [words] + [""] * (columns - 1)
        self.cells += columns

    def _cover(self, until: int = -1) -> None:
        """Fill the columns of the last row that cells from above cover: the next ones, or all of them up to `until`."""
        row = self.rows[-1] if self.rows else []
        while self.cells <= MOST_CELLS and self.rows and (self.taken.get(len(row)) or len(row) <= until):
            self.taken[len(row)] = max(self.taken.get(len(row), 0) - 1, 0)
            row.append("")
            self.cells += 1

    def _end_table(self) -> None:
        """The table, and behind it what stood in its cells and cannot stand there. A huge one, or one
        with whole essays in its cells, becomes lines of words.
        """
        rows = [row for row in self.rows if any(row)]
        width = max((len(row) for row in rows), default=0)
        longest = max((len(cell) for row in rows for cell in row), default=0)
        if width * len(rows) > MOST_CELLS or longest > LONGEST_CELL:
            lines = "".join(f"<p>{nh3.clean_text(' · '.join(filter(None, row)))}</p>" for row in rows)
            self.page.blocks.append({"type": "text", "value": safe_text(lines)})
        elif rows:
            filled = [row + [""] * (width - len(row)) for row in rows]
            heads = filled.pop(0) if self.heads and len(filled) > 1 else [""] * width
            columns = [{"type": "text", "heading": head} for head in heads]
            table = {"columns": columns, "rows": [{"values": row} for row in filled], "caption": ""}
            self.page.blocks.append({"type": "table", "value": table})
        self.page.blocks += self.behind
        self.rows, self.behind = [], []

    # What is shown

    def _anchor(self, href: str) -> str:
        found = self.resolve(href) if href else None
        if found is None:
            return "<a>"
        kind, target = found
        if kind == "link":
            return f'<a href="{nh3.clean_text(target)}">'
        self.words.append(f"\x00{target}\x00")  # it stands in a block of its own behind the words
        return "<a>"

    def _show(self, tag: str, values: dict[str, str], blocks: list[Block]) -> None:
        href = values.get("src") or values.get("data-src") or values.get("data", "")
        found = self.resolve(href) if href else None
        if found is None:
            if href:
                self.page.lost.append(href[:200])
            return
        if not self.table_depth:
            self.flush()
        words = values.get("alt") or values.get("title", "")
        blocks.append(self._block_of(found, words))

    def _block_of(self, found: tuple[str, str], words: str) -> Block:
        """A file of the cartridge, a player of another site, or a link."""
        kind, target = found
        if kind == "media":
            return {"type": "media", "value": {"file": target, "caption": words[:200]}}
        return link_block(target, words)

    def flush(self) -> None:
        """The words so far become a block of text; files that were linked among them follow. What was left open ends here."""
        if self.sink not in {"", "cell", "title"}:
            self._end_sink(self.sink)
        if self.table_depth:
            if self.sink == "cell":
                self._out_of_table("td")
            self.table_depth = 0
            self._end_table()
        whole = "".join(self.words)
        files = re.findall("\x00([^\x00]+)\x00", whole)
        safe = safe_text(re.sub("\x00[^\x00]+\x00", "", whole))
        if safe:
            self.page.blocks.append({"type": "text", "value": safe})
        self.page.blocks += [{"type": "media", "value": {"file": name, "caption": ""}} for name in files]
        self.words = []


def _span(text: str) -> int:
    return min(max(int(text), 1), MOST_SPAN) if text.isdecimal() and len(text) < 6 else 1


def link_block(url: str, title: str = "") -> Block:
    """A film or sound of a known host as a player, anything else as a link in words."""
    if embed_of(url):
        return {"type": "embed", "value": {"url": url, "caption": title[:200]}}
    return {"type": "text", "value": safe_text(f'<p><a href="{nh3.clean_text(url)}">{nh3.clean_text(title or url)}</a></p>')}


def safe_text(html: str) -> str:
    """Words as the editor writes them: paragraphs, emphasis, lists, links to the web. '' where nothing is said."""
    clean = nh3.clean(
        f"<p>{html}</p>", tags=KEPT, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
    clean = re.sub(r"<a>(.*?)</a>", r"\1", clean, flags=re.S)
    clean = re.sub(r"<p>(\s|&nbsp;|<br ?/?>)*</p>", "", clean)
    return clean.strip() if re.sub(r"<[^>]+>|&nbsp;|\s", "", clean) else ""


def plain_of(page: Page) -> str:
    """A page's words, blocks after one another."""
    parts = []
    for block in page.blocks:
        if block["type"] in {"text", "heading"}:
            parts.append(re.sub(r"<[^>]+>", "", re.sub(r"</p>|<br ?/?>|</li>", "\n", block["value"])).strip())
    return unescape("\n\n".join(part for part in parts if part))
