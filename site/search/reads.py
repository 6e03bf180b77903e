"""Finding: by what is true about the person now. SQL checks the audience; hidden text is checked again after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Any

from django.db import connection

from kit import searchables
from kit.languages import preference
from kit.text import bigrams, search_runs
from search.marks import Piece, marked, snippet
from search.models import TokenFrequency
from search.vectors import any_query, phrase_query

PAGE = 20
LAST_PAGE = 20
LONGEST_QUERY = 100
PHRASE_TOKENS = 6
RAREST = 6
_FIND = """
SELECT kind, ref, title, text, url, audience, language FROM search_searchentry
WHERE tokens @@ %(query)s::tsquery AND audience = ANY(%(audiences)s) AND (%(kind)s = '' OR kind = %(kind)s)
ORDER BY {rank} DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True)
class Hit:
    """One result; title and text come in pieces, those that were looked for marked."""

    kind: str
    label: Any
    url: str
    title: list[Piece]
    text: list[Piece]


@dataclass(frozen=True)
class Results:
    """A page of results; `has_more` says whether another follows."""

    hits: list[Hit]
    has_more: bool


def results(text: str, request: Any, *, kind: str = "", page: int = 1) -> Results:
    """What the person behind `request` may find of `text`. Short texts as phrases; questions by their rarest tokens."""
    runs = search_runs(text[:LONGEST_QUERY])
    tokens = list(dict.fromkeys(token for run in runs for token in bigrams(run)))
    if not tokens:
        return Results([], has_more=False)
    values = {"audiences": searchables.audiences_of(request.user), "kind": kind, "limit": PAGE + 1, "offset": (page - 1) * PAGE}
    rows: list[tuple[str, ...]] = []
    if len(tokens) <= PHRASE_TOKENS:
        rows = _rows(_FIND.format(rank="ts_rank(tokens, %(query)s::tsquery)"), {**values, "query": phrase_query(runs)})
    if not rows and (page == 1 or len(tokens) > PHRASE_TOKENS) and len(tokens) > 1:
        rows = _by_rarest(tokens, values)
    kept = _visible(rows[:PAGE], request)
    return Results([_hit(row, tokens) for row in kept], has_more=len(rows) > PAGE)


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _by_rarest(tokens: list[str], values: dict[str, Any]) -> list[tuple[str, ...]]:
    """COMMUNITY.md, Search: OR the rarest tokens by document frequency, rank by summed inverse frequency."""
    known = dict(TokenFrequency.objects.filter(token__in=["", *tokens]).values_list("token", "documents"))
    total = max(known.pop("", 0), 1)
    found = sorted((token for token in tokens if not known or token in known), key=lambda token: known.get(token, 1))
    rarest = found[:RAREST]
    if not rarest:
        return []
    sums = " + ".join(f"(tokens @@ %(t{n})s::tsquery)::int * %(w{n})s::float" for n in range(len(rarest)))
    weights = {f"w{n}": log(1 + total / known.get(token, 1)) for n, token in enumerate(rarest)}
    terms = {f"t{n}": any_query([token]) for n, token in enumerate(rarest)}
    return _rows(_FIND.format(rank=f"({sums})"), {**values, **weights, **terms, "query": any_query(rarest)})


def _visible(rows: Iterable[tuple[str, ...]], request: Any) -> list[tuple[str, ...]]:
    """Rows of what the room says this person may read at this moment; one row a thing: of those in the language that
    serves the reader best, the better one.
    """
    rows = list(rows)
    hidden: dict[str, set[str]] = {}
    for kind, ref, _title, text, _url, audience, _language in rows:
        if _is_checked(text, audience):
            hidden.setdefault(kind, set()).add(ref.partition(":")[2])
    open_refs = {
        f"{kind}:{ident}"
        for kind, idents in hidden.items()
        if kind in searchables.kinds()
        for ident in searchables.kinds()[kind].visible(sorted(idents), request)
    }
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in rows:
        if row[1] in open_refs or not _is_checked(row[3], row[5]):
            found.setdefault(row[1], []).append(row)
    order = {code: place for place, code in enumerate(preference())}
    return [min(same, key=lambda row: order.get(row[6], len(order))) for same in found.values()]


def _is_checked(text: str, audience: str) -> bool:
    """Only a bare public title is shown without asking its room once more."""
    return bool(text) or audience != "public"


def _hit(row: tuple[str, ...], tokens: list[str]) -> Hit:
    kind, _ref, title, text, url, *_rest = row
    return Hit(
        kind,
        searchables.kinds()[kind].label if kind in searchables.kinds() else kind,
        url,
        marked(title, tokens),
        snippet(text, tokens),
    )
