"""Draws of a space, and the published record of one."""

from dataclasses import dataclass
from typing import Any

from community.draw_access import state_of
from community.draw_check import FORMAT, terms_hash
from community.flows.draws import stamp
from community.models import Draw, DrawEntry, DrawWin, Space

PAGE = 30


@dataclass(frozen=True)
class DrawRow:
    draw: Draw
    state: str


def draws_of(space: Space, before: int | None = None) -> tuple[list[DrawRow], int | None]:
    """The newest first, cancelled ones too: none can be taken off the list. (rows, id to go on before). One query."""
    rows = Draw.objects.filter(space=space).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    for row in found:
        row.space = space
    shown = [DrawRow(row, state_of(row)) for row in found[:PAGE]]
    return shown, shown[-1].draw.pk if len(found) > PAGE else None


def record_of(draw: Draw) -> dict[str, Any]:
    """What anyone may read of a draw, at any time: enough to check it (community/draw_check.py). Two queries."""
    shown = draw.frozen_at is not None
    entries: dict[str, Any] = {"count": draw.entries, "head": draw.head}
    if shown:
        entries["codes"] = list(DrawEntry.objects.filter(draw=draw).order_by("no").values_list("code", flat=True))
    wins = DrawWin.objects.filter(draw=draw).order_by("position").values_list("position", "prize", "entry__code")
    cancelled = {"at": stamp(draw.cancelled_at), "reason": draw.cancel_reason} if draw.cancelled_at else None
    return {
        "format": FORMAT,
        "draw": draw.pk,
        "state": state_of(draw),
        "terms": draw.terms,
        "terms_sha256": terms_hash(draw.terms),
        "commitment": draw.commitment,
        "published_at": stamp(draw.published_at),
        "entries": entries,
        "frozen_at": stamp(draw.frozen_at) if draw.frozen_at else "",
        "public_value": draw.public_value,
        "seed": draw.seed,
        "winners": [{"position": position, "prize": prize, "code": code} for position, prize, code in wins] if shown else [],
        "cancelled": cancelled,
    }


def wins_of(draw: Draw) -> list[DrawWin]:
    """With whose they are, for the members of the space. One query."""
    return list(DrawWin.objects.filter(draw=draw).select_related("entry__user").order_by("position"))


def own_entry(user: Any, draw: Draw) -> DrawEntry | None:
    return DrawEntry.objects.filter(draw=draw, user=user).first() if user.is_authenticated else None
