"""Database or broker away: what the visitor sees, and that it heals by itself."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from kombu import pools

from config.celery import app
from kit import outbox
from kit.models import OutboxMessage
from tests.factories import make_user

PAGES = ["/", "/courses/", "/accounts/login/", "/en/courses/"]


@pytest.fixture
def nowhere() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


def move_database(host: str, port: int) -> dict[str, Any]:
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict |= {"HOST": host, "PORT": str(port)}
    return before


@pytest.mark.django_db(transaction=True)
def test_with_the_database_down_pages_answer_503_and_heal_without_a_hand() -> None:
    client = Client(raise_request_exception=False)
    before = move_database("127.0.0.1", 1)
    try:
        for path in PAGES:
            started = time.monotonic()
            response = client.get(path)
            if path != "/accounts/login/":  # a page that needs no row may well answer
                assert response.status_code == 503, path
                assert response.headers["Retry-After"] == "10"
                assert "Content-Security-Policy" in response.headers
            assert time.monotonic() - started < 5
        assert client.get("/healthz/").status_code == 200
        ready = client.get("/readyz/")
        assert (ready.status_code, ready.json()["database"]) == (503, False)
    finally:
        connection.close()
        connection.settings_dict |= before
    assert client.get("/courses/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_the_call_and_stays_silent_costs_less_than_five_seconds(nowhere: int) -> None:
    before = move_database("127.0.0.1", nowhere)
    started = time.monotonic()
    try:
        response = Client(raise_request_exception=False).get("/courses/")
    finally:
        connection.close()
        connection.settings_dict |= before
    assert response.status_code == 503
    assert time.monotonic() - started < 5


@pytest.mark.django_db(transaction=True)
def test_somebody_signed_in_sees_the_same_503() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_user(), backend="accounts.backends.AccountBackend")
    before = move_database("127.0.0.1", 1)
    try:
        assert client.get("/courses/").status_code == 503
    finally:
        connection.close()
        connection.settings_dict |= before
    assert client.get("/account/").status_code == 200


@pytest.fixture
def no_broker() -> Iterator[None]:
    before = {name: app.conf[name] for name in ("task_always_eager", "broker_url", "broker_transport_options")}
    app.conf.update(
        task_always_eager=False, broker_url="redis://127.0.0.1:1/0", broker_transport_options={"socket_connect_timeout": 1}
    )
    _forget_broker()
    try:
        yield
    finally:
        app.conf.update(**before)
        _forget_broker()


def _forget_broker() -> None:
    """Pools remember the address they were made for, and closed ones refuse: eager tasks ask for a producer, too."""
    pools.reset()
    app._after_fork()


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_down_reading_and_signing_in_work_and_work_waits_in_the_outbox(no_broker: None) -> None:
    student = make_user()
    client = Client()
    assert client.get("/courses/").status_code == 200
    assert client.post("/accounts/login/", {"login": student.email, "password": "courseyard-demo"}).status_code == 302
    assert client.get("/account/").status_code == 200
    started = time.monotonic()
    with transaction.atomic():
        outbox.write(topic="test.nothing", key="once", payload={})
    assert time.monotonic() - started < 3
    row = OutboxMessage.objects.get(topic="test.nothing")
    assert row.done_at is None
    assert outbox.deliver(message_id=row.pk)
