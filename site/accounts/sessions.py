"""Sessions in the database, as Django keeps them; every page of a member reads one, so the read is prepared."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from kit.prepared import Given, prepared


class SessionStore(DatabaseStore):
    """Django's own but for the query that finds a live session."""

    def _get_session_from_db(self) -> Session | None:
        found = _live(key=self.session_key, at=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session


@prepared
def _live() -> QuerySet[Session]:
    return Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("at"))
