"""The database engine of the settings (`kit.postgres`)."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]  # Django's engines are untyped
    def is_usable(self) -> bool:
        """Whether the kept connection may serve the next request.

        An idle connection has nothing to read: only a server that ended it, or spoke unasked, makes its socket readable,
        and then PostgreSQL is asked. Django's own check asks it before every request, a round trip that a page from the
        visitors' cache feels.
        """
        if self.connection is None or self.connection.closed or self.errors_occurred:
            return bool(super().is_usable())
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0) or bool(super().is_usable())
