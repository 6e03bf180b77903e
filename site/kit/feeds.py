"""What people bring, for the feeds of those who follow them: every room declares its own kinds; the community keeps the rows.

A room uses it in two places:

1. In `AppConfig.ready()`: `register(Source(kind="course", shown="course", label=_("Courses"), items=…, all_ids=…))`.
2. In a flow, inside the transaction that changed something: `changed("work:3")`; what is told to the search
   (`searchables.changed`) is heard here, too. `items(["3"])` is read again after commit.

An item's audience is `public` or `space:<id>`; what is shown is asked of kit.things once more, for the very person.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit import outbox
from kit.clock import now

TOPIC = "feed.changed"


@dataclass(frozen=True)
class Item:
    """The person with the id `actor` brought the thing `ref` at that moment. `is_there` False: it is gone from feeds.

    `tags` are words for what it is about, as people write them.
    """

    ref: str
    actor: int
    at: datetime
    audience: str = "public"
    tags: Sequence[str] = ()
    is_there: bool = True


@dataclass(frozen=True)
class Source:
    """`kind` is that of the changed references, `shown` that of the items' (kit.things has its cards), `label` its name.

    items(ids) gives the items of these things as they are now; one that gives none leaves the feeds. `line`: the kind of
    kit.things whose cards suit a list, where that is another one than `shown`.
    """

    kind: str
    shown: str
    label: Any
    items: Callable[[Sequence[str]], Iterable[Item]]
    all_ids: Callable[[], Iterable[Any]]
    line: str = ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Declare a kind; called in `AppConfig.ready()`."""
    _sources[source.kind] = source


def sources() -> dict[str, Source]:
    """Everything declared, by kind of the changed references, in order of registration."""
    return dict(_sources)


def changed(ref: str) -> None:
    """Something was brought, changed or removed: its rows are made anew. Needs a transaction."""
    outbox.write(topic=TOPIC, key=f"{ref}@{now().timestamp()}", payload={"ref": ref})
