"""`make bench-data`: 106,000 members, 1,000 spaces, a million posts, in a database of its own that `make bench` finds again."""

import argparse
import os
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from tests.bench.community import rows

NAME = "courseyard_bench"
PART = 25_000
SIZES = {
    "members": 106_000,
    "spaces": 1_000,
    "posts": 1_000_000,
    "topics": 60_000,
    "sentences": 60_000,
    "longest": 20_000,
    "mean": 16.0,
    "star_spaces": 200,
    "star_follows": 1_000,
    "followers": 10_000,
}
IDS = {"base": rows.BASE, "star": rows.BASE + 1, "famous": rows.BASE + 2}
ROOMS = {"accounts", "community", "notices", "search"}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=SIZES["posts"], help="for a smaller set, everything else in proportion")
    arguments = options.parse_args()
    from tests.bench.__main__ import prepare_environment

    prepare_environment()
    os.environ["DATABASE_URL"] = address_of_set()
    import django

    django.setup()
    began = time.perf_counter()
    make_database()
    fill(_sizes(arguments.posts / SIZES["posts"]))
    print(f"filled in {time.perf_counter() - began:.0f} s: {NAME}")
    return 0


def address_of_set() -> str:
    """The set's database beside the one that the launcher names."""
    before, _slash, after = os.environ["DATABASE_URL"].rpartition("/courseyard?")
    return f"{before}/{NAME}?{after}"


def exists() -> bool:
    """Whether `make bench-data` was run here."""
    import psycopg
    from django.conf import settings

    place = settings.DATABASES["default"]
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres") as server:
        return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone())


def use_set() -> None:
    """This process speaks to the set from now on, brought to the tables of today."""
    from django.core.management import call_command
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = NAME
    call_command("migrate", verbosity=0)


def _sizes(share: float) -> dict[str, Any]:
    if share == 1:
        return SIZES
    return {name: size if name == "mean" else max(20, int(size * share)) for name, size in SIZES.items()}


def make_database() -> None:
    """An empty database with every table of today; an older one of the name is dropped."""
    import psycopg
    from django.conf import settings
    from django.core.management import call_command

    place = settings.DATABASES["default"]
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{NAME}"')
    call_command("migrate", verbosity=0)


def fill(sizes: dict[str, Any]) -> None:
    """Rows by SQL, indices of the search last, then statistics."""
    from django.db import connection

    from search.flows import refresh_frequencies
    from tests.bench.data import build
    from tests.bench.orders import default_columns

    with _told("courses, offers, a class"):
        build()
    values = {**sizes, **IDS}
    with connection.cursor() as cursor:
        default_columns(cursor, ROOMS)
        cursor.execute(rows.PREPARE)
        _write_sentences(cursor, sizes["sentences"])
        cursor.execute("SET session_replication_role = replica")  # each row's references are right by making
        for name in ("PEOPLE", "TOPICS"):
            with _told(name.lower()):
                cursor.execute(getattr(rows, name).format(**values))
        cursor.execute("ANALYZE bench_sentence, bench_topic, bench_place, bench_post")
        with _told("posts"), _without_search_indices(cursor):
            _write_posts(values)
        with _told("marks, reactions, notices"):
            cursor.execute(rows.MARKS.format(**values))
        cursor.execute("DROP TABLE bench_sentence, bench_topic, bench_place, bench_post")
        cursor.execute("SET session_replication_role = DEFAULT")
        _move_sequences(cursor)
        _index_people()
        with _told("statistics"):
            cursor.execute("VACUUM ANALYZE")
    with _told("frequencies of tokens"):
        refresh_frequencies()


def _write_sentences(cursor: Any, count: int) -> None:
    from tests.bench.community.words import sentences

    with _told(f"{count:,} sentences"), cursor.copy("COPY bench_sentence (place, text, tokens) FROM STDIN") as copy:
        for number, (text, tokens) in enumerate(sentences(count)):
            copy.write_row((number, text, tokens))


def _write_posts(values: dict[str, Any]) -> None:
    """In parts, two at a time: one statement for all would hold a million rows aside."""
    first, last = rows.BASE + 1, rows.BASE + values["posts"]
    parts = [(start, min(start + PART, last + 1)) for start in range(first, last + 1, PART)]
    _in_parallel([lambda mine=parts[turn::2]: _write_parts(mine, values) for turn in range(2)])  # type: ignore[misc]


def _write_parts(parts: list[tuple[int, int]], values: dict[str, Any]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for start, end in parts:
            cursor.execute(rows.POSTS.format(**{**values, "first": start, "end": end}))
    connection.close()


def _in_parallel(works: list[Callable[[], None]]) -> None:
    failed: list[BaseException] = []

    def guarded(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # a thread that dies silently would leave half a set
            failed.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


@contextmanager
def _without_search_indices(cursor: Any) -> Any:
    """Big indices are made at once, in memory, after their rows."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'search_searchentry'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    cursor.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2")
    for _name, definition in found:
        cursor.execute(definition)


def _move_sequences(cursor: Any) -> None:
    for table in ("accounts_user", "accounts_profile", "community_space", "community_topic", "community_post"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _index_people() -> None:
    """Whatever else of the set is searched goes through the site's own code."""
    from kit import searchables
    from search.flows import reindex

    for kind, searchable in searchables.kinds().items():
        if kind != "post":
            idents = [str(ident) for ident in searchable.all_ids()]
            for start in range(0, len(idents), 500):
                reindex(kind=kind, ids=idents[start : start + 500])


@contextmanager
def _told(what: str) -> Any:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
