"""Credentials that upper rooms know of: who holds a certificate of a course, who has a seat in a class.

A room registers a kind in `AppConfig.ready()`; a space names one by reference (`course:3`) in `way_of`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from community.models import Space


@dataclass(frozen=True)
class Credential:
    """What a room tells of one kind of credential, all by its ids as strings.

    `given(user, ident)` answers the source of the place that the person may take now (`certificate:7`), or ''; the room
    ends the place by `flows.leave(source=…)` when the credential ends. `names(ids)` are for everybody, `choices(user)` are
    those that this person may tie a space to, with their names.
    """

    given: Callable[[Any, str], str]
    names: Callable[[list[str]], Mapping[str, str]]
    choices: Callable[[Any], Mapping[str, str]]


_KINDS = {Space.Way.GRADUATES: "course", Space.Way.COHORT: "cohort"}
_credentials: dict[str, Credential] = {}


def register(kind: str, credential: Credential) -> None:
    """`kind` is that of the reference: `course` for graduates, `cohort` for seats."""
    _credentials[kind] = credential


def place_given(user: Any, space: Space) -> str:
    """The source of the place that this person's credential gives in the space, or ''."""
    kind, _colon, ident = space.way_of.partition(":")
    known = _credentials.get(kind)
    if known is None or _KINDS.get(Space.Way(space.way)) != kind or not user.is_authenticated:
        return ""
    return known.given(user, ident)


def name_of(reference: str) -> str:
    """What a reference is called; '' for one that nobody knows (any more)."""
    kind, _colon, ident = reference.partition(":")
    known = _credentials.get(kind)
    return known.names([ident]).get(ident, "") if known and ident else ""


def choices_for(way: str, user: Any) -> dict[str, str]:
    """{reference: name} of what this person may tie a space of that way to."""
    kind = _KINDS.get(Space.Way(way), "")
    known = _credentials.get(kind)
    return {f"{kind}:{ident}": name for ident, name in known.choices(user).items()} if known else {}
