"""Gates: may this person still be told about that? Upper rooms register a kind in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

Gate = Callable[[str, Any], bool]
ManyGates = Callable[[Collection[str], Any], set[str]]
PeopleGate = Callable[[str, Collection[Any]], set[int]]
Places = Callable[[Any], Mapping[str, str]]
_gates: dict[str, Gate] = {}
_many: dict[str, ManyGates] = {}
_people: dict[str, PeopleGate] = {}
_places: dict[str, Places] = {}


def register(
    kind: str, gate: Gate, many: ManyGates | None = None, people: PeopleGate | None = None, places: Places | None = None
) -> None:
    """`gate(id, user)` answers whether the person still has access; `many(ids, user)` which of these, in one query, and
    `people(id, users)` the ids of which persons. `places(user)`: {id: name} of those for which one chooses notices apart.
    """
    _gates[kind] = gate
    if many is not None:
        _many[kind] = many
    if people is not None:
        _people[kind] = people
    if places is not None:
        _places[kind] = places


def is_open(reference: str, user: Any) -> bool:
    """True without a gate; False for a kind nobody registered: silence is the safe side."""
    if not reference:
        return True
    kind, _, ident = reference.partition(":")
    return kind in _gates and _gates[kind](ident, user)


def open_among(references: Iterable[str], user: Any) -> set[str]:
    """Those of many gates that are open to the person, '' included."""
    by_kind: dict[str, set[str]] = {}
    for reference in set(references):
        kind, _, ident = reference.partition(":")
        by_kind.setdefault(kind, set()).add(ident)
    found = {""}
    for kind, idents in by_kind.items():
        if kind in _many:
            found |= {f"{kind}:{ident}" for ident in _many[kind](idents, user)}
        else:
            found |= {f"{kind}:{ident}" for ident in idents if kind and is_open(f"{kind}:{ident}", user)}
    return found


def open_for(reference: str, users: Collection[Any]) -> set[int]:
    """The ids of those of many persons to whom one gate is open."""
    kind, _, ident = reference.partition(":")
    if kind in _people:
        return _people[kind](ident, users)
    return {user.pk for user in users if is_open(reference, user)}


def places_of(user: Any) -> dict[str, str]:
    """{reference: name} of the places (spaces) for which this person may choose apart."""
    return {f"{kind}:{ident}": name for kind, places in _places.items() for ident, name in places(user).items()}
