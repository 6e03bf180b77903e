"""Gates: may this person still be told about that? Upper rooms register a kind in `AppConfig.ready()`."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

Gate = Callable[[str, Any], bool]
ManyGates = Callable[[Collection[str], Any], set[str]]
_gates: dict[str, Gate] = {}
_many: dict[str, ManyGates] = {}


def register(kind: str, gate: Gate, many: ManyGates | None = None) -> None:
    """`gate(id, user)` answers whether the person still has access; `many(ids, user)` which of these, in one query."""
    _gates[kind] = gate
    if many is not None:
        _many[kind] = many


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
