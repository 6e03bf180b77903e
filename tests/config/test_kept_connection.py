"""A connection kept between requests: used while it lives, at no cost; replaced once the server has ended it."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from tests.factories import make_user


@pytest.fixture(autouse=True)
def kept_between_requests() -> Iterator[None]:
    """As in production; tests close theirs at the end of each request."""
    connection.ensure_connection()
    connection.close_at, connection.health_check_enabled = None, True
    yield
    connection.close()


def end_from_outside() -> None:
    """What a restart of the database does to an idle connection."""
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()


def begin_request() -> None:
    connection.close_if_unusable_or_obsolete()


@pytest.mark.django_db(transaction=True)
def test_a_kept_connection_that_the_server_ended_is_replaced_before_the_next_query() -> None:
    user = make_user()
    end_from_outside()
    begin_request()
    user.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_without_the_check_the_first_query_fails() -> None:
    """The control: this is what the check is for."""
    user = make_user()
    end_from_outside()
    begin_request()
    connection.health_check_done = True
    with pytest.raises(OperationalError):
        user.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_living_connection_is_kept_without_asking_the_server() -> None:
    kept = connection.connection
    with kept.cursor() as cursor:
        cursor.execute("SELECT 'the last statement'")
    begin_request()
    watcher = connection.copy()
    connection.close_if_health_check_failed()
    with watcher.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [kept.info.backend_pid])
        assert cursor.fetchone() == ("SELECT 'the last statement'",)
    watcher.close()
    assert connection.connection is kept


@pytest.mark.django_db(transaction=True)
def test_after_an_error_the_server_itself_is_asked() -> None:
    make_user()
    connection.errors_occurred = True
    end_from_outside()
    begin_request()
    assert connection.connection is None
