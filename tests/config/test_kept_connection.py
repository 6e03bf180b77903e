"""A connection kept between requests: used while it lives, at no cost; replaced once the server has ended it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_user


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
    with pytest.raises(Exception, match="terminat|closed"):
        user.refresh_from_db()
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_living_connection_is_kept_without_asking_the_server() -> None:
    make_user()
    kept = connection.connection
    begin_request()
    with CaptureQueriesContext(connection):
        make_user()
    assert connection.connection is kept


@pytest.mark.django_db(transaction=True)
def test_after_an_error_the_server_itself_is_asked() -> None:
    make_user()
    connection.errors_occurred = True
    end_from_outside()
    begin_request()
    assert connection.connection is None
