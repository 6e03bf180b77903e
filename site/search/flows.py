"""Keeping the index: read again what changed, build it anew, count how common tokens are."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from kit import searchables
from search.models import SearchEntry
from search.vectors import vector

BATCH = 500
_UPSERT = """
INSERT INTO search_searchentry (kind, ref, part, language, title, text, url, audience, author, at, tags, is_talk, tokens)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::varchar[], %s, %s::tsvector)
ON CONFLICT (ref, part) DO UPDATE SET kind = excluded.kind, language = excluded.language, title = excluded.title,
  text = excluded.text, url = excluded.url, audience = excluded.audience, author = excluded.author, at = excluded.at,
  tags = excluded.tags, is_talk = excluded.is_talk, tokens = excluded.tokens
"""
# Counting a million entries takes minutes: of more than so many, a part is counted.
COUNTED = 50_000
FEWEST = 2
_ALL = "SELECT tokens FROM search_searchentry"
_PART = "SELECT tokens FROM search_searchentry TABLESAMPLE SYSTEM ({percent:.4f})"
_COUNT = """
INSERT INTO search_tokenfrequency (token, documents)
SELECT '', %(total)s
UNION ALL SELECT word, (ndoc * %(times)s::float)::int FROM ts_stat(%(sample)s) WHERE ndoc >= %(fewest)s AND length(word) <= 80
"""


def reindex_changed(payload: dict[str, Any]) -> None:
    """Handler of `search.changed`: what stands in the index about `ref` (`post:7`) becomes what is true now."""
    kind, _colon, ident = payload["ref"].partition(":")
    reindex(kind=kind, ids=[ident])


@transaction.atomic
def reindex(*, kind: str, ids: Sequence[str]) -> None:
    """Read these things of a kind again; those that give no entries leave the index."""
    searchable = searchables.kinds().get(kind)
    entries = list(searchable.entries(ids)) if searchable else []
    kept = {(entry.ref, entry.part) for entry in entries}
    known = SearchEntry.objects.filter(ref__in=[f"{kind}:{ident}" for ident in ids]).values_list("pk", "ref", "part")
    SearchEntry.objects.filter(pk__in=[pk for pk, ref, part in known if (ref, part) not in kept]).delete()
    is_talk = searchable is not None and searchable.is_talk
    rows = [_row(kind, entry, is_talk) for entry in entries]
    with connection.cursor() as cursor:
        cursor.executemany(_UPSERT, rows)


def rebuild_index() -> int:
    """Read everything again, batch by batch; returns how many things were read."""
    seen = 0
    for kind, searchable in searchables.kinds().items():
        idents = (str(ident) for ident in searchable.all_ids())
        while batch := list(islice(idents, BATCH)):
            reindex(kind=kind, ids=batch)
            seen += len(batch)
    refresh_frequencies()
    return seen


@transaction.atomic
def refresh_frequencies() -> None:
    """Count again in how many entries each token stands, about; those in hardly any are left out. Readers see the old
    counts until it is done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM search_searchentry")
        total = cursor.fetchone()[0]
        percent = min(100.0, 100 * COUNTED / max(1, total))
        sample = _PART.format(percent=percent) if percent < 100 else _ALL
        cursor.execute("DELETE FROM search_tokenfrequency")
        cursor.execute(_COUNT, {"total": total, "times": 100 / percent, "sample": sample, "fewest": FEWEST})


def _row(kind: str, entry: searchables.Entry, is_talk: bool) -> Iterable[Any]:
    tokens = vector(entry.title if entry.finds_title else "", entry.text)
    place = (kind, entry.ref, entry.part, entry.language, entry.title[:200], entry.text, entry.url, entry.audience)
    return (*place, entry.author, entry.at, [tag[:40] for tag in entry.tags], is_talk, tokens)
