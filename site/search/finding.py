"""Which entries answer a text. Whatever is asked of however many entries, only some thousands are ever looked at.

- What is not talk (courses, lessons, offers, people) is little and weighed whole, by an index of its own.
- Of talk the newest are weighed: so far back that about WEIGHED entries are to be expected by the counts of tokens, and
  eight times as far where that holds less than ENOUGH. A rare word is so looked for everywhere, a common one near by.
- Titles of talk have an index of their own, for what is suggested as one types.
- A question is asked by its rarest tokens alone, and by pairs of those that are common, as long as all of them together
  lead to little (BUDGET); what it finds is ranked by summed inverse frequency (COMMUNITY.md, Search).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log
from typing import Any

from django.db import connection

from search.vectors import phrase_query, title_query

WEIGHED = 600
MOST_WEIGHED = 1_500
ENOUGH = 60
# So few entries are sooner read one by one than looked up by a token that stands in every twentieth.
NEAR = 12_000
WIDER = 8
MANY = 10_000
BUDGET = 1_500
MOST_RARE = 8
MOST_UNSEEN = 24
PAIRED = 6
LARGEST_PAIRED = 12_000
MOST_TERMS = 12
MOST_FOUND = 400
_FIND = """
WITH found AS MATERIALIZED (
    (SELECT id, {rank} AS score FROM search_searchentry
     WHERE NOT is_talk AND tokens @@ %(query)s::tsquery AND {wanted} ORDER BY score DESC, id DESC LIMIT %(found)s)
    UNION ALL
    (SELECT id, {rank} AS score FROM ({talk}) AS talk ORDER BY score DESC, id DESC LIMIT %(found)s)
), best AS (SELECT id, score FROM found ORDER BY score DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s)
SELECT kind, ref, title, text, url, audience, language, author, at, (SELECT count(*) FROM found) AS weighed
FROM best JOIN search_searchentry USING (id) ORDER BY score DESC, id DESC
"""
# `id + 0`: walking back along the ids, looking into each entry, would be endless where few of them are meant.
_BY_INDEX = """SELECT id, tokens FROM search_searchentry
     WHERE is_talk AND id > %(floor)s AND tokens @@ %(query)s::tsquery AND {wanted} ORDER BY id + 0 DESC LIMIT %(most)s"""
_ONE_BY_ONE = """SELECT id, tokens FROM (SELECT id, tokens FROM search_searchentry
     WHERE is_talk AND id > %(floor)s AND {wanted} OFFSET 0) AS near
     WHERE tokens @@ %(query)s::tsquery ORDER BY id DESC LIMIT %(most)s"""
_BY_TITLE = """SELECT id, tokens FROM search_searchentry
     WHERE is_talk AND ts_filter(tokens, '{{a}}') @@ %(titled)s::tsquery AND {wanted} ORDER BY id + 0 DESC LIMIT %(most)s"""
_COUNTS = """
SELECT token, documents FROM search_tokenfrequency WHERE token = ANY(%(tokens)s)
UNION ALL
SELECT start || '*', (SELECT sum(documents) FROM search_tokenfrequency WHERE token >= start AND token < start || chr(1114111))
FROM unnest(%(starts)s::text[]) AS start
UNION ALL
SELECT '*', max(id) FROM search_searchentry
"""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Wanted:
    """Which entries come into question: those of `audiences`, under `conditions` in SQL with `values` beside them."""

    audiences: Sequence[str]
    conditions: Sequence[str] = ()
    values: dict[str, Any] = field(default_factory=dict)

    def sql(self, *, by_audience: bool) -> str:
        """`by_audience`: their index may be used. It lists all that was ever said in two hundred spaces, which costs
        more than asking the few entries that hold a token; PostgreSQL guesses wrongly how few they are.
        """
        audience = "audience" if by_audience else "audience || ''"
        return " AND ".join([f"{audience} = ANY(%(audiences)s)", *self.conditions])


@dataclass(frozen=True)
class Counts:
    """In how many of `total` entries tokens stand, about; `newest` is the last entry's id.

    A token that is not known is rare or nowhere.
    """

    total: int
    newest: int
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
    return Counts(max(1, known.pop("", 0)), known.pop("*", 0), known)


def by_phrase(query: str, expected: int, known: Counts, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Row]:
    """Entries that hold every run of the query; `expected` is how often the rarest of its tokens stands anywhere."""
    values = {"query": query, "limit": limit, "offset": offset}
    return _newest_first("ts_rank(tokens, %(query)s::tsquery)", expected, known, wanted, values)


def by_title(runs: list[str], wanted: Wanted, *, limit: int) -> list[Row]:
    """Entries whose title holds every run: titles of talk have an index of their own, each topic is in it once."""
    values = {"query": title_query(runs), "titled": phrase_query(runs), "limit": limit, "offset": 0}
    values |= {**wanted.values, "audiences": list(wanted.audiences)}
    return _found(_BY_TITLE, "ts_rank(tokens, %(query)s::tsquery)", wanted.sql(by_audience=False), values)


def by_question(tokens: Sequence[str], known: Counts, wanted: Wanted, *, limit: int, offset: int = 0) -> list[Row]:
    """Entries with the rare tokens of a text, those with the most and rarest of them first."""
    ranked = sorted(tokens, key=known.of)
    query, expected = _question(ranked, known)
    terms = ranked[:MOST_TERMS]
    sums = " + ".join(f"(tokens @@ %(t{n})s::tsquery)::int * %(w{n})s::float" for n in range(len(terms)))
    values: dict[str, Any] = {"query": query, "limit": limit, "offset": offset}
    values |= {f"t{n}": f"'{token}'" for n, token in enumerate(terms)}
    values |= {f"w{n}": known.weight(token) for n, token in enumerate(terms)}
    # What is spent on is looked at whole: the answer may be old.
    return _newest_first(f"({sums})", max(0, expected - 2 * BUDGET), known, wanted, values)


def _question(ranked: Sequence[str], known: Counts) -> tuple[str, int]:
    """(a query, to how many entries it leads, about) of tokens in order of their counts."""
    unseen = [token for token in ranked if not known.of(token)][:MOST_UNSEEN]
    seen = [token for token in ranked if known.of(token)]
    terms, spent, rare = [f"'{token}'" for token in unseen], 0.0, 0
    while rare < min(MOST_RARE, len(seen)) and spent + known.of(seen[rare]) <= BUDGET:
        spent += known.of(seen[rare])
        terms.append(f"'{seen[rare]}'")
        rare += 1
    if rare < MOST_RARE:
        common = [token for token in seen[rare : rare + PAIRED] if known.of(token) <= LARGEST_PAIRED]
        for one, other in combinations(common, 2):
            # Words of one phrase meet more often than by chance.
            both = max(known.of(one) * known.of(other) / known.total, min(known.of(one), known.of(other)) / 8)
            if spent + both <= 2 * BUDGET:
                spent += both
                terms.append(f"('{one}' & '{other}')")
    if terms:
        return " | ".join(terms), int(spent)
    return " | ".join(f"'{token}'" for token in seen[:PAIRED]), sum(known.of(token) for token in seen[:PAIRED])


def _newest_first(rank: str, expected: int, known: Counts, wanted: Wanted, values: dict[str, Any]) -> list[Row]:
    values = {**values, **wanted.values, "audiences": list(wanted.audiences)}
    reach = known.newest if expected <= WEIGHED else known.newest * WEIGHED // expected
    while True:
        floor = max(0, known.newest - reach) if reach < known.newest else -1
        talk = _ONE_BY_ONE if floor >= 0 and reach <= NEAR else _BY_INDEX
        # A common word that is rare in what is open to this person.
        by_audience = floor < 0 and expected > MANY
        found = _found(talk, rank, wanted.sql(by_audience=by_audience), {**values, "floor": floor})
        # Asked of all that was found, not of a page: each page shows a part of the same answer.
        if floor < 0 or (found and found[0][-1] >= ENOUGH):
            return found
        reach *= WIDER


def _found(talk: str, rank: str, wanted: str, values: dict[str, Any]) -> list[Row]:
    parts = {"rank": rank, "wanted": wanted}
    sql = _FIND.format(**parts, talk=talk.format(**parts))
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "found": MOST_FOUND, "most": MOST_WEIGHED})
        return list(cursor.fetchall())
