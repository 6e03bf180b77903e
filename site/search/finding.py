"""Which entries answer a text. Whatever is asked of however many entries, only some thousands are ever weighed.

- What is not talk (courses, lessons, offers, people) is little and weighed whole, by an index of its own.
- Talk with a rare token (COMMON) is weighed whole: the index leads to little.
- Of talk with common tokens alone the newest is weighed (WINDOW); only where that holds too little, all of it: then the
  words seldom meet, and the index leads to little again.
- A question is asked by its rarest tokens alone, and by pairs of those that are common, as long as all of them
  together lead to little (BUDGET); what it finds is ranked by summed inverse frequency (COMMUNITY.md, Search).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log
from typing import Any

from django.db import connection

COMMON = 1_500
WINDOW = 3_000
BUDGET = 1_500
MOST_RARE = 8
MOST_UNSEEN = 24
PAIRED = 6
LARGEST_PAIRED = 20_000
MOST_WEIGHED = 12
MOST_FOUND = 400
ENOUGH = 60
_FIND = """
WITH found AS MATERIALIZED (
    (SELECT id, {rank} AS score FROM search_searchentry
     WHERE NOT is_talk AND tokens @@ %(query)s::tsquery AND {wanted} ORDER BY score DESC, id DESC LIMIT %(most)s)
    UNION ALL ({talk})
), best AS (SELECT id, score FROM found ORDER BY score DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s)
SELECT kind, ref, title, text, url, audience, language, author, at, (SELECT count(*) FROM found) AS weighed
FROM best JOIN search_searchentry USING (id) ORDER BY score DESC, id DESC
"""
_WHOLE = """SELECT id, {rank} AS score FROM search_searchentry
     WHERE is_talk AND tokens @@ %(query)s::tsquery AND {wanted} ORDER BY score DESC, id DESC LIMIT %(most)s"""
_NEWEST = """SELECT id, {rank} AS score FROM (
        SELECT id, tokens FROM search_searchentry WHERE is_talk AND {wanted} ORDER BY id DESC LIMIT %(window)s
     ) AS newest WHERE tokens @@ %(query)s::tsquery ORDER BY score DESC, id DESC LIMIT %(most)s"""
_COUNTS = """
SELECT token, documents FROM search_tokenfrequency WHERE token = ANY(%(tokens)s)
UNION ALL
SELECT start || '*', (SELECT sum(documents) FROM search_tokenfrequency WHERE token >= start AND token < start || chr(1114111))
FROM unnest(%(starts)s::text[]) AS start
"""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Wanted:
    """Which entries come into question: `conditions` in SQL, `values` beside it."""

    conditions: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """In how many entries tokens stand, about; `total` entries. A token that is not known is rare or nowhere."""

    total: int
    documents: dict[str, int]

    def of(self, token: str) -> int:
        return self.documents.get(token, 0)

    def weight(self, token: str) -> float:
        return log(1 + self.total / max(1, self.of(token)))


def counts(tokens: Sequence[str], starts: Sequence[str] = ()) -> Counts:
    """Of these tokens, and of all that begin with one of `starts` (told as `start*`). One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"tokens": ["", *tokens], "starts": list(starts)})
        known = {token: int(documents or 0) for token, documents in cursor.fetchall()}
    return Counts(max(1, known.pop("", 0)), known)


def by_phrase(query: str, rarest: int, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Row]:
    """Entries that hold every run; `rarest` is the count of the rarest token of all, above which it is common."""
    values = {**wanted.values, "query": query, "limit": limit, "offset": offset}
    rank = "ts_rank(tokens, %(query)s::tsquery)"
    if rarest > COMMON:
        found = _found(_NEWEST, rank, wanted, values)
        # The same answer for every page, so that none shows what another has shown.
        if found and found[0][-1] >= ENOUGH:
            return found
    return _found(_WHOLE, rank, wanted, values)


def by_question(tokens: Sequence[str], known: Counts, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Row]:
    """Entries with the rare tokens of a text, those with the most and rarest of them first."""
    ranked = sorted(tokens, key=known.of)
    query, led_to = _question(ranked, known)
    weighed = ranked[:MOST_WEIGHED]
    sums = " + ".join(f"(tokens @@ %(t{n})s::tsquery)::int * %(w{n})s::float" for n in range(len(weighed)))
    terms = {f"t{n}": f"'{token}'" for n, token in enumerate(weighed)}
    weights = {f"w{n}": known.weight(token) for n, token in enumerate(weighed)}
    values = {**wanted.values, **terms, **weights, "query": query, "limit": limit, "offset": offset}
    return _found(_WHOLE if led_to <= 2 * BUDGET else _NEWEST, f"({sums})", wanted, values)


def _question(ranked: Sequence[str], known: Counts) -> tuple[str, float]:
    """(a query, to how many entries it leads, about) of tokens in order of their counts."""
    unseen = [token for token in ranked if not known.of(token)][:MOST_UNSEEN]
    seen = [token for token in ranked if known.of(token)]
    spent: float = 0
    terms = [f"'{token}'" for token in unseen]
    rare = 0
    for token in seen[:MOST_RARE]:
        if spent + known.of(token) > BUDGET:
            break
        spent += known.of(token)
        terms.append(f"'{token}'")
        rare += 1
    if rare < MOST_RARE:
        common = [token for token in seen[rare : rare + PAIRED] if known.of(token) <= LARGEST_PAIRED]
        for one, other in combinations(common, 2):
            both = known.of(one) * known.of(other) / known.total
            if spent + both <= 2 * BUDGET:
                spent += both
                terms.append(f"('{one}' & '{other}')")
    if terms:
        return " | ".join(terms), spent
    return " | ".join(f"'{token}'" for token in seen[:PAIRED]), known.total


def _found(talk: str, rank: str, wanted: Wanted, values: dict[str, Any]) -> list[Row]:
    parts = {"rank": rank, "wanted": wanted.conditions}
    sql = _FIND.format(**parts, talk=talk.format(**parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "most": MOST_FOUND, "window": WINDOW})
        return list(cursor.fetchall())
