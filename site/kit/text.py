"""Text that people write: Markdown to safe HTML, folding and bigrams for Chinese search."""

import html
import re
import unicodedata
from functools import cache

import nh3
from markdown_it import MarkdownIt
from opencc import OpenCC

RENDERER_VERSION = 1
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "del",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "a",
    "h2",
    "h3",
    "h4",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
_BLOCK_END = re.compile("<(?:/p|/li|/h[1-6]|/tr|/td|/th|/blockquote|/pre|br|hr)[^>]*>")
_CJK = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_WORD = re.compile("[\u3400-\u9fff\uf900-\ufaff]+|[a-z0-9]+")


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def strip_controls(text: str) -> str:
    """Without bidirectional controls (nh3 keeps them: they can make text read as other text) and NULs."""
    return _BIDI.sub("", text).replace("\x00", "")


def render_markdown(source: str) -> str:
    """Safe HTML of Markdown: no raw HTML, no scripts, links marked nofollow and ugc."""
    rendered = _markdown().render(strip_controls(source))
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def plain_text(markup: str) -> str:
    """The words of HTML in one line, for mails, lists and search. It is text: escape it again where HTML is wanted."""
    spaced = _BLOCK_END.sub(" ", markup)
    return " ".join(html.unescape(nh3.clean(spaced, tags=set())).split())


def fold(text: str) -> str:
    """Full width, case and Traditional/Simplified folded together, so that 學習 finds 学习."""
    return _to_simplified().convert(unicodedata.normalize("NFKC", text).lower())


def search_runs(text: str) -> list[str]:
    """Folded runs that are searched as one: a stretch of CJK characters, or a word or number."""
    return _WORD.findall(fold(text))


def bigrams(run: str) -> list[str]:
    """A CJK run as overlapping pairs (學習中 → 学习, 习中); a word, or a lone character, as itself."""
    if len(run) > 1 and _CJK.match(run):
        return [run[i : i + 2] for i in range(len(run) - 1)]
    return [run]


def is_cjk(run: str) -> bool:
    """Whether a run of `search_runs` is CJK."""
    return bool(_CJK.match(run))


def writing_language(text: str) -> str:
    """`zh` where Chinese stands in a text that people wrote, else `en` where words stand, else ''."""
    return "zh" if _CJK.search(text) else "en" if re.search("[A-Za-z]", text) else ""


def search_tokens(text: str) -> list[str]:
    """Folded words; CJK runs as overlapping bigrams, a lone character as itself."""
    return [token for run in search_runs(text) for token in bigrams(run)]


def slugify_any(text: str, fallback: str = "topic") -> str:
    """An address part for any script: letters, digits and CJK kept, at most 60 characters."""
    words = re.findall(r"[\w]+", unicodedata.normalize("NFKC", text).lower())
    return "-".join(words)[:60].strip("-_") or fallback


def csv_cell(value: object) -> str:
    """A cell that a spreadsheet will not run: a leading = + - @ or tab gets an apostrophe (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
