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
INSERT INTO search_searchentry (kind, ref, part, language, title, text, url, audience, tokens)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::tsvector)
ON CONFLICT (ref, part) DO UPDATE SET kind = excluded.kind, language = excluded.language, title = excluded.title,
  text = excluded.text, url = excluded.url, audience = excluded.audience, tokens = excluded.tokens
"""
_COUNT = """
INSERT INTO search_tokenfrequency (token, documents)
SELECT '', count(*) FROM search_searchentry
UNION ALL SELECT word, ndoc FROM ts_stat('SELECT tokens FROM search_searchentry')
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
    rows = [_row(kind, entry) for entry in entries]
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
    """Count again in how many entries each token stands; readers see the old counts until it is done."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_tokenfrequency")
        cursor.execute(_COUNT)


def _row(kind: str, entry: searchables.Entry) -> Iterable[str]:
    tokens = vector(entry.title if entry.finds_title else "", entry.text)
    return (kind, entry.ref, entry.part, entry.language, entry.title[:200], entry.text, entry.url, entry.audience, tokens)
