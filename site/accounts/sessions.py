"""Sessions in the database, as Django keeps them, read together with the person who is signed in: one prepared query.

Django asks for the person by id, later and through the backend, whom nobody tells of the session: what was read waits
there for the rest of the request.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.signals import request_started
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User
from kit.prepared import Given, prepared

_read_along: ContextVar[User | None] = ContextVar("read_along", default=None)


class SessionStore(DatabaseStore):
    """Django's own, with the person in a column of its own."""

    def _get_session_from_db(self) -> Session | None:
        found = _live(key=self.session_key, at=timezone.now())
        if not found:
            self._session_key = None
            return None
        _read_along.set(found[0].user)
        return found[0]

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session


@prepared
def _live() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("at")).select_related("user")


def take_person(user_id: int) -> User | None:
    """The person whom this request's session was read with, once, if it is the one asked for."""
    person = _read_along.get()
    _read_along.set(None)
    return person if person is not None and person.pk == int(user_id) else None


def _forget(**_signal: Any) -> None:
    _read_along.set(None)


request_started.connect(_forget)


def people_of(keys: Iterable[str]) -> dict[str, User]:
    """{session's key: who is signed in by it} of those that live: not ended, not outlived by a new password. One query."""
    rows = Session.objects.filter(session_key__in=list(keys), expire_date__gt=timezone.now(), user__is_active=True)
    found = {}
    for row in rows.select_related("user"):
        kept = _begun_under(row.session_data)
        if row.user is not None and constant_time_compare(kept, row.user.get_session_auth_hash()):
            found[row.session_key] = row.user
    return found


@lru_cache(maxsize=8192)
def _begun_under(session_data: str) -> str:
    """The hash that a session began under; a thousand open streams are asked for it again and again."""
    return str(SessionStore().decode(session_data).get(HASH_SESSION_KEY, ""))
