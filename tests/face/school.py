"""The demo, served as in production on a port of its own, and the people who look at it."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests import database
from tests.bench.servers import free_port, gunicorn
from tests.stripe_stand_in import StandIn


@dataclass(frozen=True)
class School:
    """`base`: the site's address without a slash at its end."""

    base: str

    def cookies(self, who: str) -> list[dict[str, str]]:
        """The cookies of a demo account (`student`), for a browser; none for a visitor (``)."""
        if not who:
            return []
        from django.conf import settings

        from accounts.models import User
        from tests.bench.data import session_of

        key = session_of(User.objects.get(email=f"{who}@demo.test"))
        return [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.base}]


@contextmanager
def open_school() -> Iterator[School]:
    """Database, demo and server; all of it is gone at the end."""
    port = free_port()
    with StandIn(webhook_secret="whsec_face") as stripe:
        _settle_environment(port, stripe.base)
        import django
        from django.core.management import call_command
        from django.test.utils import setup_databases, teardown_databases

        django.setup()
        logging.disable(logging.INFO)
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            _publish_database()
            call_command("collectstatic", interactive=False, verbosity=0)
            call_command("load_demo")
            with gunicorn("-c", "site/gunicorn.conf.py", port=port):
                yield School(f"http://127.0.0.1:{port}")
        finally:
            database.end_other_sessions()
            teardown_databases(databases, verbosity=0)


def _settle_environment(port: int, stripe: str) -> None:
    """settings/bench.py is production's: it wants everything said. The values protect nothing."""
    values: dict[str, Any] = {
        "DJANGO_SETTINGS_MODULE": "config.settings.bench",
        "SECRET_KEY": "face-only-key-that-protects-nothing-0123456789-abcdefghi",
        "STRIPE_SECRET_KEY": "sk_test_face",
        "STRIPE_WEBHOOK_SECRET": "whsec_face",
        "STRIPE_API_BASE": stripe,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
    }
    os.environ.update(values)


def _publish_database() -> None:
    """The server's processes read the test database's address."""
    from django.db import connection

    database = connection.settings_dict
    os.environ["DATABASE_URL"] = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
