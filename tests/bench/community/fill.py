"""`make bench-data`: 106,000 members, 1,000 spaces, a million posts, in a database of its own that `make bench` finds again."""

import argparse
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from psycopg import sql

from tests.bench.community import rows

NAME = "courseyard_bench"
# The same with a thousand posts, to compare with.
FEW = f"{NAME}_few"
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
    import django

    django.setup()
    began = time.perf_counter()
    _drop_and_make(FEW)
    use_set(FEW)
    with told("courses, offers, a class"):
        from tests.bench.data import build

        build()
    _drop_and_make(NAME, like=FEW)
    fill(_sizes(1000 / SIZES["posts"]))
    use_set()
    fill(_sizes(arguments.posts / SIZES["posts"]))
    print(f"filled in {time.perf_counter() - began:.0f} s: {NAME}, {FEW}")
    return 0


def exists() -> bool:
    """Whether `make bench-data` was run here."""
    import psycopg
    from django.conf import settings

    place = settings.DATABASES["default"]
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres") as server:
        return bool(server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone())


def use_set(name: str = NAME) -> None:
    """This process speaks to a set from now on, brought to the tables of today."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    connection.close()
    # Other threads have connections of their own, made from the settings.
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)


def _sizes(share: float) -> dict[str, Any]:
    if share == 1:
        return SIZES
    return {name: size if name == "mean" else max(20, int(size * share)) for name, size in SIZES.items()}


def _drop_and_make(name: str, like: str = "template1") -> None:
    """A database that holds what `like` holds; an older one of the name is dropped."""
    import psycopg
    from django.conf import settings
    from django.db import connection

    connection.close()
    place = settings.DATABASES["default"]
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(like)))


def fill(sizes: dict[str, Any]) -> None:
    """Rows by SQL, indices of the search last, then statistics."""
    from django.db import connection

    from search.flows import refresh_frequencies
    from tests.bench.orders import default_columns

    values = {**sizes, **IDS}
    with connection.cursor() as cursor:
        default_columns(cursor, ROOMS)
        cursor.execute(rows.PREPARE)
        _write_sentences(cursor, sizes["sentences"])
        cursor.execute("SET session_replication_role = replica")  # each row's references are right by making
        for name in ("PEOPLE", "TOPICS"):
            with told(name.lower()):
                cursor.execute(getattr(rows, name).format(**values))
        cursor.execute("ANALYZE bench_sentence, bench_topic, bench_place, bench_post")
        with told("posts"), _without_search_indices(cursor):
            _write_posts(values)
        with told("marks, reactions, notices"):
            cursor.execute(rows.MARKS.format(**values))
        cursor.execute("DROP TABLE bench_sentence, bench_topic, bench_place, bench_post")
        cursor.execute("SET session_replication_role = DEFAULT")
        _move_sequences(cursor)
        _index_people()
        with told("statistics"):
            cursor.execute("VACUUM ANALYZE")
    with told("frequencies of tokens"):
        refresh_frequencies()


def _write_sentences(cursor: Any, count: int) -> None:
    from tests.bench.community.words import sentences

    with told(f"{count:,} sentences"), cursor.copy("COPY bench_sentence (place, text, tokens) FROM STDIN") as copy:
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
def told(what: str) -> Any:
    began = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
