"""The test database: made once for each state of the migrations, and put back to it after a test that committed.

Making: the migrations run for half a minute, so their result is kept as a template in the cluster; the next run, or the other of
two workers, copies it. Putting back: Django's own flush truncates every table (new files for some three hundred) and emits
post_migrate to fill in what it took away, a second and more for each such test. Here the tables that hold rows are emptied and
the migrations' rows copied back, in one statement; ids of content types and pages stay what they were.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.db import connection

# What migrations left, in a schema of its own. Replica mode: neither append-only triggers nor foreign keys speak up.
_REMEMBER = """
DO $$ DECLARE name text; has boolean; BEGIN
  DROP SCHEMA IF EXISTS seed CASCADE; CREATE SCHEMA seed;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has;
    IF has THEN EXECUTE format('CREATE TABLE seed.%I AS TABLE public.%I', name, name); END IF;
  END LOOP;
END $$
"""
# Locking every table waits for what other connections have not finished yet, as a truncation would.
_RESTORE = """
DO $$ DECLARE name text; has boolean; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' LOOP
    EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', name);
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO has;
    IF has THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seed' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM seed.%I', name, name);
  END LOOP;
END $$
"""
_PREFIX = "courseyard_template_"
_ONE_AT_A_TIME = 7_310_001


@contextmanager
def from_template() -> Iterator[None]:
    """Around the making of the test database: a copy of the template where there is one, else it becomes the template."""
    name = _PREFIX + _state_of_the_migrations()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        is_there = server.execute("SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", [name]).fetchone() == (True,)
        connection.settings_dict["TEST"]["TEMPLATE"] = name if is_there else None
        yield
        if not is_there:
            connection.close()
            old = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]).fetchall()
            for (stale,) in old:
                server.execute(f'DROP DATABASE "{stale}"')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{connection.settings_dict["NAME"]}"')


@contextmanager
def _server() -> Iterator[psycopg.Connection[Any]]:
    values = {**connection.get_connection_params(), "dbname": "postgres"}
    wanted = {name: values[name] for name in ("dbname", "user", "password", "host", "port") if values.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as server:
        yield server


def _state_of_the_migrations() -> str:
    """Changes with every migration, also of the libraries, and with what runs after them (flows that fill in roles and pages)."""
    summary = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            summary.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
        for path in (Path(config.path) / "roles.py", Path(config.path) / "flows.py", Path(config.path) / "models.py"):
            if path.exists():
                summary.update(path.read_bytes())
    return summary.hexdigest()[:16]


def remember() -> None:
    """Call it once, when the migrations have run and nothing else has."""
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER)


def restore(*_case: Any) -> None:
    """The database as it was remembered. Stands in for TransactionTestCase._fixture_teardown."""
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE)


def end_other_sessions() -> None:
    """Before the test database is dropped: a server that has just ended may still be leaving it."""
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
    with connection.cursor() as cursor:
        cursor.execute(others, [connection.connection.info.backend_pid])
