"""Row locks, taken in primary-key order so that two transactions never wait for each other in a circle."""

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def lock_rows(rows: models.QuerySet[Row], ids: Iterable[int]) -> dict[int, Row]:
    """Lock the rows with these ids (SELECT … FOR UPDATE, ascending) and return them freshly read, by id."""
    wanted = sorted(set(ids))
    return {row.pk: row for row in rows.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")}
