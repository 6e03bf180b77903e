"""Things: a reference `kind:id` to what any room owns, for lower rooms that must show it without knowing it.

An upper room registers a kind in `AppConfig.ready()`; a lower room asks for cards, and gets none where the
person may not see the thing or it does not exist. Readers are asked for many at once, so that lists stay cheap.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """What may be shown of a thing. `template` renders it where a plain link is not enough; it gets `card`.

    `picture` is a kit Picture, for lists that ask for many pictures' addresses at once.
    """

    title: str
    url: str
    summary: str = ""
    picture_url: str = ""
    template: str = "design/thing.html"
    data: Any = None
    picture: Any = None


Reader = Callable[[Sequence[str], Any], Mapping[str, Card]]
Choices = Callable[[Any], Mapping[str, Card]]
_readers: dict[str, Reader] = {}
_choices: dict[str, Choices] = {}


def register(kind: str, reader: Reader, choices: Choices | None = None) -> None:
    """`reader(ids, request)` answers {id: Card} for those that this request's person may see (ids are strings).

    `choices(request)` answers {id: Card} of those that this person may place in a text, for a list to pick from.
    """
    _readers[kind] = reader
    if choices is not None:
        _choices[kind] = choices


def choices(kind: str, request: Any) -> Mapping[str, Card]:
    """What the person behind `request` may place in a topic or lesson; empty where nobody offers a list."""
    offered = _choices.get(kind)
    return offered(request) if offered else {}


def cards(kind: str, ids: Iterable[object], request: Any) -> Mapping[str, Card]:
    """Cards of many things of one kind, by id as a string; what may not be seen is absent."""
    wanted = list(dict.fromkeys(str(ident) for ident in ids))
    reader = _readers.get(kind)
    return reader(wanted, request) if reader and wanted else {}


def prime(references: Iterable[str], request: Any) -> None:
    """Fetch the cards of a page's references at once, so that `card` asks nothing for each. Kept on the request."""
    kept = request.__dict__.setdefault("_primed_cards", {})
    wanted: dict[str, list[str]] = {}
    for reference in references:
        kind, _, ident = reference.partition(":")
        wanted.setdefault(kind, []).append(ident)
    for kind, ids in wanted.items():
        found = cards(kind, ids, request)
        kept |= {f"{kind}:{ident}": found.get(ident) for ident in ids}


def card(reference: str, request: Any) -> Card | None:
    """The card of `kind:id` for the person behind `request`, or None."""
    primed = getattr(request, "_primed_cards", {})
    if reference in primed:
        return primed[reference]  # type: ignore[no-any-return]
    kind, _, ident = reference.partition(":")
    return cards(kind, [ident], request).get(ident) if ident else None
