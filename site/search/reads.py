"""Finding: by what is true about the person now. SQL checks the audience; hidden text is checked again after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit import searchables
from kit.languages import preference
from kit.text import bigrams, is_cjk, search_runs
from search import finding
from search.finding import Row
from search.marks import Piece, marked, snippet
from search.vectors import phrase_query
from search.wishes import LONGEST_QUERY, Wish

PAGE = 20
PHRASE_TOKENS = 6
MOST_SUGGESTED = 8


@dataclass(frozen=True)
class Hit:
    """One result; title and text come in pieces, those that were looked for marked. `space` and `author` are ids."""

    kind: str
    ref: str
    label: Any
    url: str
    title: list[Piece]
    text: list[Piece]
    space: int | None
    author: int | None
    at: datetime | None


@dataclass(frozen=True)
class Results:
    """A page of results; `has_more` says whether another follows."""

    hits: list[Hit]
    has_more: bool


def results(wish: Wish, request: Any, *, page: int = 1) -> Results:
    """What the person behind `request` may find. Short texts as phrases; questions by their rarest tokens."""
    runs = search_runs(wish.text[:LONGEST_QUERY])
    tokens = _tokens(runs)
    if not tokens:
        return Results([], has_more=False)
    wanted = wish.wanted(request.user)
    place = {"limit": PAGE + 1, "offset": (page - 1) * PAGE}
    is_phrase = len(tokens) <= PHRASE_TOKENS
    known = finding.counts(tokens, _starts(runs) if is_phrase else [])
    rows: list[Row] = []
    if is_phrase:
        rows = finding.by_phrase(phrase_query(runs), _rarest(runs, known), known, wanted, **place)
    if not rows and (page == 1 or not is_phrase) and len(tokens) > 1:
        rows = finding.by_question(tokens, known, wanted, **place)
    kept = _visible(rows[:PAGE], request)
    return Results([_hit(row, tokens) for row in kept], has_more=len(rows) > PAGE)


def suggestions(text: str, request: Any) -> list[Hit]:
    """At most eight things whose titles hold what was typed so far; open to this person, as results are."""
    runs = search_runs(text[:LONGEST_QUERY])
    tokens = _tokens(runs)
    if not tokens:
        return []
    # Some of what is found may be another language's page of the same thing.
    rows = finding.by_title(runs, Wish(text).wanted(request.user), limit=2 * MOST_SUGGESTED)
    return [_hit(row, tokens) for row in _visible(rows, request)][:MOST_SUGGESTED]


def _tokens(runs: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(token for run in runs for token in bigrams(run)))


def _starts(runs: Sequence[str]) -> list[str]:
    """Words and lone characters: they are found by their beginning."""
    return [run for run in runs if len(run) == 1 or not is_cjk(run)]


def _rarest(runs: Sequence[str], known: finding.Counts) -> int:
    """The count of the rarest that all entries found must hold."""
    starts = set(_starts(runs))
    return min(known.of(f"{run}*") if run in starts else min(known.of(token) for token in bigrams(run)) for run in runs)


def _visible(rows: Iterable[Row], request: Any) -> list[Row]:
    """Rows of what the room says this person may read at this moment; one row a thing: of those in the language that
    serves the reader best, the better one.
    """
    rows = list(rows)
    hidden: dict[str, set[str]] = {}
    for kind, ref, _title, text, _url, audience, *_rest in rows:
        if _is_checked(text, audience):
            hidden.setdefault(kind, set()).add(ref.partition(":")[2])
    open_refs = {
        f"{kind}:{ident}"
        for kind, idents in hidden.items()
        if kind in searchables.kinds()
        for ident in searchables.kinds()[kind].visible(sorted(idents), request)
    }
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row[1] in open_refs or not _is_checked(row[3], row[5]):
            found.setdefault(row[1], []).append(row)
    order = {code: place for place, code in enumerate(preference())}
    return [min(same, key=lambda row: order.get(row[6], len(order))) for same in found.values()]


def _is_checked(text: str, audience: str) -> bool:
    """Only a bare public title is shown without asking its room once more."""
    return bool(text) or audience != "public"


def _hit(row: Row, tokens: list[str]) -> Hit:
    kind, ref, title, text, url, audience, _language, author, at, _weighed = row
    room, _colon, ident = audience.partition(":")
    return Hit(
        kind=kind,
        ref=ref,
        label=searchables.kinds()[kind].label if kind in searchables.kinds() else kind,
        url=url,
        title=marked(title, tokens),
        text=snippet(text, tokens),
        space=int(ident) if room == "space" else None,
        author=author,
        at=at,
    )
