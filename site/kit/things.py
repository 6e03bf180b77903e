"""Things: a reference `kind:id` to what any room owns, for lower rooms that must show it without knowing it.

An upper room registers a kind in `AppConfig.ready()`; a lower room asks for the card, and gets None where the
person may not see the thing or it does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """What may be shown of a thing. `template` renders it where a plain link is not enough; it gets `card.data`."""

    title: str
    url: str
    summary: str = ""
    picture_url: str = ""
    template: str = "design/thing.html"
    data: Any = None


Reader = Callable[[str, Any], Card | None]
_readers: dict[str, Reader] = {}


def register(kind: str, reader: Reader) -> None:
    """`reader(id, request)` answers a Card that this request's person may see, or None."""
    _readers[kind] = reader


def card(reference: str, request: Any) -> Card | None:
    """The card of `kind:id` for the person behind `request`, or None."""
    kind, _, ident = reference.partition(":")
    reader = _readers.get(kind)
    return reader(ident, request) if reader and ident else None
