"""The history is lived through once for a file; each test breaks it in a savepoint of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from tests.conftest import Clock
from tests.shop.audit.history import History, live_through
from tests.shop.till import Till
from tests.stripe_stand_in import StandIn


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any, stand_in_server: StandIn) -> Iterator[History]:
    stand_in_server.reset()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, translation.override("en"), transaction.atomic():
        patch.setattr(settings, "STRIPE_API_BASE", stand_in_server.base)
        patch.setattr(settings, "CLOCK_OFFSET", 0)
        yield live_through(Till(stand_in_server), Clock(settings, stand_in_server))
        transaction.set_rollback(True)
        stand_in_server.reset()


@pytest.fixture
def history(lived: History, db: None) -> History:
    return lived
