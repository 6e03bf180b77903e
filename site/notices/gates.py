"""Gates: may this person still be told about that? Upper rooms register a kind in `AppConfig.ready()`."""

from collections.abc import Callable
from typing import Any

Gate = Callable[[str, Any], bool]
_gates: dict[str, Gate] = {}


def register(kind: str, gate: Gate) -> None:
    """`gate(id, user)` answers whether the person still has access."""
    _gates[kind] = gate


def is_open(reference: str, user: Any) -> bool:
    """True without a gate; False for a kind nobody registered: silence is the safe side."""
    if not reference:
        return True
    kind, _, ident = reference.partition(":")
    return kind in _gates and _gates[kind](ident, user)
