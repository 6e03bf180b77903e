"""Fixtures that every room's tests share: the standing cast, a clock that can be moved, the Stripe stand-in."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from accounts.models import User
from accounts.roles import INSTRUCTOR, MODERATOR, OWNER, PACKER, give_role
from kit.storage import client
from tests import database
from tests.factories import make_user
from tests.stripe_stand_in import StandIn


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, with tests/database.py's ways to make the database and to put it back.

    At the very end it is dropped: a server process that a test killed may still be leaving it.
    """
    with django_db_blocker.unblock(), database.from_template():
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        database.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", database.restore)
        yield
    with django_db_blocker.unblock():
        database.end_other_sessions()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def own_bucket() -> None:
    """A worker's private bucket (config/settings/test.py)."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        client().create_bucket(Bucket=django_settings.S3_PRIVATE_BUCKET)


class Clock:
    """Moves kit.clock.now() for this process and the stand-in together.

    One override of the settings is changed again and again: a new one each time would lie over the last, and a test of
    a thousand days would look its settings up through a thousand of them.
    """

    def __init__(self, settings: Any, stand_in: StandIn) -> None:
        settings.CLOCK_OFFSET = 0
        self.override, self.stand_in = django_settings._wrapped, stand_in

    def advance(self, **span: float) -> None:
        self._move(django_settings.CLOCK_OFFSET + int(timedelta(**span).total_seconds()))

    def set(self, moment: datetime) -> None:
        self._move(int((moment - datetime.now(UTC)).total_seconds()))

    def reset(self) -> None:
        self._move(0)

    def _move(self, offset: int) -> None:
        self.override.CLOCK_OFFSET = offset
        django_settings.__dict__.pop("CLOCK_OFFSET", None)  # what LazySettings remembers
        self.stand_in.clock_offset = offset


@pytest.fixture(scope="session")
def stand_in_server() -> Iterator[StandIn]:
    with StandIn(webhook_secret="whsec_test") as server:
        yield server


@pytest.fixture
def stand_in(stand_in_server: StandIn, settings: Any) -> StandIn:
    """Our Stripe stand-in, empty, and the site pointed at it."""
    stand_in_server.reset()
    settings.STRIPE_API_BASE = stand_in_server.base
    return stand_in_server


@pytest.fixture
def clock(settings: Any, stand_in_server: StandIn) -> Iterator[Clock]:
    yield Clock(settings, stand_in_server)
    stand_in_server.clock_offset = 0


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """client_of(user): a browser in which that person is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return sign_in


def _with_role(email: str, name: str, role: str) -> User:
    user = make_user(email=email, name=name)
    give_role(user=user, role=role)
    return user


@pytest.fixture
def owner(db: None) -> User:
    return _with_role("owner@demo.test", "Owner", OWNER)


@pytest.fixture
def teacher(db: None) -> User:
    return _with_role("teacher@demo.test", "Lin", INSTRUCTOR)


@pytest.fixture
def teacher2(db: None) -> User:
    return _with_role("teacher2@demo.test", "Chen", INSTRUCTOR)


@pytest.fixture
def packer(db: None) -> User:
    return _with_role("packer@demo.test", "Packer", PACKER)


@pytest.fixture
def moderator(db: None) -> User:
    return _with_role("moderator@demo.test", "Moderator", MODERATOR)


@pytest.fixture
def referrer(db: None) -> User:
    return make_user(email="referrer@demo.test", name="Mei")


@pytest.fixture
def student(db: None) -> User:
    return make_user(email="student@demo.test", name="An")


@pytest.fixture
def visitor(db: None) -> User:
    return make_user(email="visitor@demo.test", name="Visitor")
