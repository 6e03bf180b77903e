"""Slots: a named hole in a lower room's page that upper rooms fill; registered in `AppConfig.ready()`.

A filler gets the request and the keyword arguments of the place, and returns (template, context), or None to
stay silent. Names in use are listed in docs/house.md.
"""

from collections.abc import Callable
from typing import Any

Filler = Callable[..., tuple[str, dict[str, Any]] | None]
_fillers: dict[str, list[Filler]] = {}


def fill(name: str, filler: Filler) -> None:
    """Register `filler(request, **place)` for the slot `name`; each filler once."""
    fillers = _fillers.setdefault(name, [])
    if filler not in fillers:
        fillers.append(filler)


def contents(name: str, request: Any, **place: Any) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of everything that upper rooms put into this place, in order of registration."""
    found = (filler(request, **place) for filler in _fillers.get(name, []))
    return [entry for entry in found if entry is not None]
