"""What can be searched: every room declares its own kinds beside its models; the room `search`, above, keeps the index.

A room uses it in two places:

1. In `AppConfig.ready()`: `register(Searchable(kind="lesson", label=_("Lessons"), entries=…, all_ids=…, visible=…))`.
2. In a flow, inside the transaction that changed something:
   `changed("lesson:12")`. The index reads `entries(["12"])` again after commit; no entries means: take it out.

Each `Entry` has an audience, checked by SQL at query time against what is true then, never against the index:
`public`; `space:<id>` (live members, and everyone where it is public); `course:<id>` (active seats, teachers).
Rooms declare with `register_audience(kind, ids)` which ids of their kind a person belongs to.
`visible(ids, request)` is asked again for every hit of a text that is not public, so that the index never decides alone.

A lesson gives two entries: its title for everyone, and its text for the course, so that the paid text never stands in
a public entry:  Entry(ref="lesson:12", part="title", audience="public", …), Entry(ref="lesson:12", part="text",
audience="course:3", title=…, text=…).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit import outbox
from kit.clock import now


@dataclass(frozen=True)
class Entry:
    """One piece of the index. `text` is plain text, `url` a path without language prefix; (ref, part) is unique.

    `finds_title=False` where the title belongs to another entry and only the text is to be found. `language` is the
    code of a thing that has an entry a language: who finds several of them is shown the one they read. `author` (a
    person's id), `at`, `language` and `tags` are what people may filter by.
    """

    ref: str
    title: str
    text: str
    audience: str
    url: str
    part: str = ""
    finds_title: bool = True
    language: str = ""
    author: int | None = None
    at: datetime | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Searchable:
    """A kind of thing. `label` names the filter (lazy translation).

    entries(ids) gives what to index of these things now (nothing for one that is gone or a draft);
    all_ids() gives every id, for building the index anew; visible(ids, request) the ids whose hidden text this
    request's person may read at this moment. `is_talk`: there may be a million of them, and of those with a common
    word the newest are weighed.
    """

    kind: str
    label: Any
    entries: Callable[[Sequence[str]], Iterable[Entry]]
    all_ids: Callable[[], Iterable[Any]]
    visible: Callable[[Sequence[str], Any], set[str]]
    is_talk: bool = False


_kinds: dict[str, Searchable] = {}
_audiences: dict[str, Callable[[Any], Iterable[Any]]] = {}


def register(searchable: Searchable) -> None:
    """Declare a kind; called in `AppConfig.ready()`."""
    _kinds[searchable.kind] = searchable


def register_audience(kind: str, ids: Callable[[Any], Iterable[Any]]) -> None:
    """`ids(user)` gives the ids of `kind` (`space`, `course`) whose entries this person may find; users may be anonymous."""
    _audiences[kind] = ids


def changed(ref: str) -> None:
    """Something searchable was written, changed or removed: the index reads it again. Needs a transaction."""
    outbox.write(topic="search.changed", key=f"{ref}@{now().timestamp()}", payload={"ref": ref})


def kinds() -> dict[str, Searchable]:
    """Everything declared, by kind, in order of registration."""
    return dict(_kinds)


def audiences_of(user: Any) -> list[str]:
    """`public` and every audience the person belongs to now."""
    return ["public", *(f"{kind}:{ident}" for kind, ids in _audiences.items() for ident in ids(user))]
