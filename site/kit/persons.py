"""What each room holds of a person, for export and erasure (SAFETY.md, Privacy).

A room registers its part in `AppConfig.ready()`. Erasing runs all parts in one transaction, upper rooms first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

Export = Callable[[Any], dict[str, Any]]
Erase = Callable[[Any], None]


@dataclass(frozen=True)
class Part:
    export: Export
    erase: Erase


class CannotErase(ValueError):
    """Something is still under way; with words for the person who asked."""


_parts: dict[str, Part] = {}


def register(name: str, *, export: Export, erase: Erase) -> None:
    """`export(user)` answers JSON-ready data, `erase(user)` removes or minimises; both for one room, `name`.

    `erase` may raise CannotErase: then nothing is erased anywhere.
    """
    _parts[name] = Part(export, erase)


def everything_of(user: Any) -> dict[str, dict[str, Any]]:
    """{room: its data of this person}."""
    return {name: part.export(user) for name, part in _parts.items()}


@transaction.atomic
def erase_everything(user: Any) -> None:
    """Every room's part; the account's own comes last, because the others may still need to know who it was."""
    for name, part in _parts.items():
        if name != "account":
            part.erase(user)
    _parts["account"].erase(user)
