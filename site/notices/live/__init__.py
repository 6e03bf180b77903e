"""Live updates: what happens is written as an event in its own transaction and reaches open pages within two seconds.

A page names what it watches by references (`topic:5`), each with a value that only grows (the last post's number). An
event brings the new values; the page then asks the site for what is new, as itself. So an event that comes twice, or late,
or never (then a poll of the values every 20 s finds it) does no harm.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.conf import settings

from kit.clock import now
from notices.models import LiveEvent

Values = Callable[[Collection[str], Any], Mapping[str, int]]
_readers: dict[str, Values] = {}


def publish(*, kind: str, values: Mapping[str, int] | None = None, people: Iterable[int] = (), gate: str = "") -> None:
    """Write an event into the caller's transaction: to those who watch one of `values` (kind "change"), and to `people`.

    The gate is asked for each person when it is delivered. Kind "notice" tells `people` their number of unread notices.
    Without a live process (settings.LIVE_URL) nothing is written: open pages poll.
    """
    told = sorted(set(people))
    if settings.LIVE_URL and (values or told):
        channels = [] if told else list(values or {})
        LiveEvent.objects.create(
            kind=kind, channels=channels, people=told, gate=gate, data={"values": dict(values or {})}, at=now()
        )


def register(kind: str, reader: Values) -> None:
    """`reader(ids, user)` answers {id: present value} of those that the person may see; for `kind:id` on a page."""
    _readers[kind] = reader


def values_of(references: Iterable[str], user: Any) -> dict[str, int]:
    """{reference: present value} of what the person may see. One query a kind."""
    by_kind: dict[str, list[str]] = {}
    for reference in references:
        kind, _colon, ident = reference.partition(":")
        if kind in _readers and ident.isdecimal() and len(ident) < 19:
            by_kind.setdefault(kind, []).append(ident)
    return {f"{kind}:{ident}": value for kind, idents in by_kind.items() for ident, value in _readers[kind](idents, user).items()}
