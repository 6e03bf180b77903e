"""What people type never stands in PostgreSQL's log: a failed statement holds it."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("setting", "value"), [("log_min_error_statement", "panic"), ("log_error_verbosity", "terse")])
def test_the_log_holds_no_failed_statement(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        assert cursor.fetchone() == (value,)
