"""Closing a draw, drawing it, cancelling it: by the clock, by the rule, and never unseen."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community import draw_access
from community.draw_check import commitment_of, pieces_of, winners_of
from community.errors import NotSound, Refused
from community.flows.draws import lock_draw, prize_holder
from community.models import Draw, DrawEntry, DrawSeed, DrawWin
from kit import audit, outbox
from kit.clock import now
from kit.text import slugify_any, strip_controls
from notices.flows import Words, notify_many
from stock import flows as stock

CHUNK = 500
LOST = gettext_noop("The secret does not fit the commitment: this draw is void.")


def draw_what_is_due() -> int:
    """Close what is over; draw what was closed long enough for its list to be noted. How many moved. For the beat task."""
    over = Draw.objects.filter(frozen_at=None, cancelled_at=None, closes_at__lte=now())
    moved = sum(_freeze(pk) for pk in list(over.values_list("pk", flat=True)))
    noted = now() - timedelta(minutes=settings.DRAW_LIST_MINUTES)
    ready = Draw.objects.filter(frozen_at__lte=noted, drawn_at=None, cancelled_at=None)
    ready = ready.filter(Q(terms__public_source="") | ~Q(public_value=""))
    return moved + sum(_draw(pk) for pk in list(ready.values_list("pk", flat=True)))


@transaction.atomic
def _freeze(pk: int) -> bool:
    """The list is final from now on, and published with its hash."""
    draw = Draw.objects.select_for_update().get(pk=pk)
    if draw.frozen_at is not None or draw.cancelled_at is not None or draw.closes_at > now():
        return False
    draw.frozen_at = now()
    draw.save(update_fields=["frozen_at"])
    audit.record(actor=None, action="draw.closed", target=f"draw:{pk}", after={"entries": draw.entries, "head": draw.head})
    return True


@transaction.atomic
def _draw(pk: int) -> bool:
    """Show the seed, and who has won by it. A seed that was exchanged voids the draw, in public."""
    draw = Draw.objects.select_for_update(of=("self",)).select_related("space").get(pk=pk)
    if draw.drawn_at is not None or draw.cancelled_at is not None or draw.frozen_at is None:
        return False
    seed = DrawSeed.objects.get(draw=draw).seed
    draw.seed = seed
    if commitment_of(seed, draw.terms) != draw.commitment:
        _call_off(draw, None, LOST)
        return True
    draw.drawn_at = now()
    draw.save(update_fields=["seed", "drawn_at"])
    entries = {entry.code: entry for entry in DrawEntry.objects.filter(draw=draw)}
    won = winners_of(seed, draw.head, draw.public_value, list(entries), draw.terms)
    things = [prize.get("thing", "") for prize in draw.terms["prizes"] for _piece in range(prize["pieces"])]
    wins = DrawWin.objects.bulk_create(
        DrawWin(draw=draw, entry=entries[code], position=position, prize=prize, thing=things[position - 1])
        for position, (prize, code) in enumerate(won, start=1)
    )
    for win in wins:
        outbox.write(topic="draw.won", key=str(win.pk), payload={"win": win.pk})
    _release(draw, from_position=len(wins) + 1)
    audit.record(actor=None, action="draw.drawn", target=f"draw:{pk}", after={"winners": [win.entry.code for win in wins]})
    words = Words(gettext_noop("Drawn: %(title)s"), gettext_noop("See who won, and check it yourself."), {"title": draw.title})
    _tell(draw, "drawn", words, exclude=[win.entry.user_id for win in wins if win.entry.user_id])
    return True


@transaction.atomic
def set_public_value(*, by: Any, draw: Draw, value: str) -> Draw:
    """What the source said that the terms name, once, after closing; anyone can look it up. Raises Refused, NotSound."""
    row = lock_draw(draw)
    _require_maker(by, row)
    value = " ".join(strip_controls(value).split())[:200]
    if not value:
        raise NotSound(_("What did the source say?"))
    if not row.terms["public_source"] or row.frozen_at is None or row.cancelled_at is not None or row.drawn_at is not None:
        raise Refused(_("No public value is due."))
    if row.public_value and row.public_value != value:
        raise Refused(_("It was written down already."))
    row.public_value = value
    row.save(update_fields=["public_value"])
    audit.record(actor=by, action="draw.value", target=f"draw:{row.pk}", after=value)
    return row


@transaction.atomic
def cancel_draw(*, by: Any, draw: Draw, reason: str) -> Draw:
    """Call it off, for a reason that everybody reads. The seed is shown, so that all see what would have come.

    Raises Refused once it was drawn, NotSound without a reason.
    """
    row = lock_draw(draw)
    _require_maker(by, row)
    reason = strip_controls(reason).strip()[:300]
    if not reason:
        raise NotSound(_("Say why: everybody is told."))
    if row.cancelled_at is not None:
        return row
    if row.drawn_at is not None:
        raise Refused(_("It was drawn: nothing about it changes any more."))
    row.seed = DrawSeed.objects.get(draw=row).seed
    row.frozen_at = row.frozen_at or now()
    _call_off(row, by, reason)
    return row


def _call_off(draw: Draw, by: Any, reason: str) -> None:
    draw.cancelled_at, draw.cancel_reason = now(), reason
    draw.save(update_fields=["seed", "frozen_at", "cancelled_at", "cancel_reason"])
    _release(draw, from_position=1)
    audit.record(actor=by, action="draw.cancelled", target=f"draw:{draw.pk}", reason=reason)
    words = Words(gettext_noop("Draw cancelled: %(title)s"), "%(reason)s", {"title": draw.title, "reason": reason})
    _tell(draw, "cancelled", words)


def _release(draw: Draw, *, from_position: int) -> None:
    """Prizes that nobody won go back to stock."""
    for position in range(from_position, len(pieces_of(draw.terms)) + 1):
        stock.release(holder=prize_holder(draw.pk, position))


def _require_maker(by: Any, draw: Draw) -> None:
    if not draw_access.may_make_draw(by, draw.space):
        raise Refused(_("Draws are made by who owns the space."))


def draw_path(draw: Draw) -> str:
    """Without a language prefix: notices are read later, in the reader's own language."""
    return f"/community/{draw.space.slug}/draws/{draw.pk}-{slugify_any(draw.title)}/"


def _tell(draw: Draw, what: str, words: Words, exclude: list[int] | None = None) -> None:
    people = get_user_model().objects.filter(
        is_active=True, pk__in=DrawEntry.objects.filter(draw=draw, user__isnull=False).values("user")
    )
    people, last = people.exclude(pk__in=exclude or []), 0
    while chunk := list(people.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        notify_many(
            users=chunk,
            kind="draw",
            key=f"draw:{draw.pk}:{what}",
            words=words,
            url=draw_path(draw),
            gate=f"space:{draw.space_id}",
        )
