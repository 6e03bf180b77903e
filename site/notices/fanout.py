"""Telling thousands of people the same: one outbox row in the writer's transaction becomes one row for each 500 of them.

A room registers a handler for its own chunks (`outbox.on("post.tell", …)`) that asks anew who is to be told: the row
holds only where the chunk begins and ends. A killed worker repeats one chunk; the notice's key tells nobody twice.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kit import outbox

CHUNK = 500


@transaction.atomic
def in_chunks(*, topic: str, key: str, people: QuerySet[Any], payload: dict[str, Any], size: int = 0) -> None:
    """Write a row of `topic` for each chunk of `people`; its payload is `payload` with `after` and `upto`, ids of people.

    Up to one chunk is handled here and now. The same `key` writes the same rows.
    """
    size = size or CHUNK
    ids = list(people.order_by("pk").values_list("pk", flat=True))
    ends = ids[size - 1 :: size] + (ids[-1:] if len(ids) % size else [])
    chunks = [{**payload, "after": after, "upto": upto} for after, upto in zip([0, *ends], ends, strict=False)]
    if len(chunks) == 1:
        outbox.handle(topic=topic, payload=chunks[0])
        return
    for chunk in chunks:
        outbox.write(topic=topic, key=f"{key}:{chunk['after']}", payload=chunk)


def part_of(people: QuerySet[Any], payload: dict[str, Any]) -> QuerySet[Any]:
    """Those of `people` whom this chunk is about."""
    return people.filter(pk__gt=payload["after"], pk__lte=payload["upto"]).order_by("pk")
