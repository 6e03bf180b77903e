"""Draws: published with a commitment, entered once a person, closed by the clock, drawn by a rule that anyone can follow.

Locks: the draw's row. Whoever holds it is alone with its list of entries.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community import access, draw_access
from community.draw_check import FORMAT, commitment_of, first_head, next_head, sha
from community.errors import NotSound, Refused
from community.models import Draw, DrawEntry, DrawSeed, Space
from kit import audit
from kit.clock import now
from kit.text import fold, render_markdown, strip_controls
from stock import flows as stock

MOST_PIECES = 200
FOR_EVER = timedelta(days=3650)


@dataclass(frozen=True)
class Prize:
    """`thing` names what it is for the room that sends it (`sku:5`), `ref` the stock item that holds its pieces."""

    name: str
    pieces: int = 1
    thing: str = ""
    ref: str = ""


@dataclass(frozen=True)
class DrawFacts:
    """What a draw promises. `members_before`: only who was a member before it was published. `question`: a proof to answer,
    with one of `answers` where there are any. `public_source`: what is published by somebody else after closing and mixed in.
    """

    title: str
    opens_at: datetime
    closes_at: datetime
    prizes: Sequence[Prize]
    source: str = ""
    members_before: bool = True
    question: str = ""
    answers: Collection[str] = field(default_factory=list)
    public_source: str = ""


@transaction.atomic
def publish_draw(*, by: Any, space: Space, facts: DrawFacts) -> Draw:
    """Publish a draw: terms and commitment stand from now on, prizes are held in stock. Raises Refused, NotSound, and
    stock's OutOfStock for a prize that is not there.
    """
    if not draw_access.may_make_draw(by, space):
        raise Refused(_("Draws are made by who owns the space."))
    moment = now()
    prizes = _check(facts, moment)
    seed, title = secrets.token_hex(32), _line(facts.title, 120)
    terms = _terms(space, facts, prizes, title)
    commitment = commitment_of(seed, terms)
    draw = Draw.objects.create(
        space=space,
        author=by,
        title=title,
        source=strip_controls(facts.source).strip()[:20_000],
        html=render_markdown(strip_controls(facts.source).strip()[:20_000]),
        terms=terms,
        commitment=commitment,
        published_at=moment,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        head=first_head(commitment),
    )
    DrawSeed.objects.create(draw=draw, seed=seed)
    pieces = [prize for prize in prizes for _piece in range(prize.pieces)]
    for position, prize in enumerate(pieces, start=1):
        if prize.ref:
            stock.reserve(demand={prize.ref: 1}, holder=prize_holder(draw.pk, position), expires_at=moment + FOR_EVER)
    audit.record(actor=by, action="draw.published", target=f"draw:{draw.pk}", after={"commitment": commitment})
    return draw


def prize_holder(draw_id: int, position: int) -> str:
    """For whom stock holds the pieces of a prize until somebody has won it."""
    return f"draw:{draw_id}:{position}"


def stamp(moment: datetime) -> str:
    """As the record says a moment: UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def answer_hash(answer: str) -> str:
    """Of a proof's answer as people type it: width, case, Traditional or Simplified, spaces do not count."""
    return sha("".join(fold(answer).split()))


def _terms(space: Space, facts: DrawFacts, prizes: Sequence[Prize], title: str) -> dict[str, Any]:
    earlier = Draw.objects.filter(space=space).order_by("-pk")[:20]
    return {
        "algorithm": FORMAT,
        "nonce": secrets.token_hex(8),
        "title": title,
        "space": space.pk,
        "prizes": [{key: value for key, value in asdict(prize).items() if key != "ref"} for prize in prizes],
        "rule": {
            "who": "members of the space who do not run it, one entry each",
            "members_before": stamp(now()) if facts.members_before else "",
            "question": _line(facts.question, 200),
            "answers_sha256": sorted(answer_hash(answer) for answer in facts.answers if answer.strip()),
        },
        "opens_at": stamp(facts.opens_at),
        "closes_at": stamp(facts.closes_at),
        "public_source": _line(facts.public_source, 200),
        "earlier": [{"draw": row.pk, "state": draw_access.state_of(row)} for row in earlier],
    }


def _check(facts: DrawFacts, moment: datetime) -> list[Prize]:
    if not _line(facts.title, 120):
        raise NotSound(_("Give it a title."))
    notice = timedelta(minutes=settings.DRAW_NOTICE_MINUTES)
    if facts.opens_at < moment + notice:
        text = _("Registration opens %(minutes)s minutes after publishing at the earliest: everybody can note the commitment.")
        raise NotSound(text % {"minutes": settings.DRAW_NOTICE_MINUTES})
    if facts.closes_at <= facts.opens_at:
        raise NotSound(_("It closes after it opens."))
    if any(answer.strip() for answer in facts.answers) and not facts.question.strip():
        raise NotSound(_("Answers need a question."))
    prizes = [Prize(_line(prize.name, 120), prize.pieces, prize.thing, prize.ref) for prize in facts.prizes]
    prizes = [prize for prize in prizes if prize.name]
    if not prizes or not all(prize.pieces > 0 for prize in prizes) or sum(prize.pieces for prize in prizes) > MOST_PIECES:
        raise NotSound(_("A draw has 1 to %(most)d prizes.") % {"most": MOST_PIECES})
    return prizes


def _line(text: str, most: int) -> str:
    return " ".join(strip_controls(text).split())[:most]


@transaction.atomic
def enter_draw(*, user: Any, draw: Draw, answer: str = "") -> DrawEntry:
    """Take part, once; again: the same entry. Raises Refused with the reason."""
    row = lock_draw(draw)
    known = DrawEntry.objects.filter(draw=row, user=user).first()
    if known is not None:
        return known
    if reason := refusal(user, row, answer):
        raise Refused(reason)
    code = secrets.token_hex(10)
    row.entries, row.head = row.entries + 1, next_head(row.head, code)
    row.save(update_fields=["entries", "head"])
    return DrawEntry.objects.create(
        draw=row, user=user, no=row.entries, code=code, head=row.head, answer=_line(answer, 200), at=now()
    )


def refusal(user: Any, draw: Draw, answer: str | None = None) -> str:
    """Why this person may not enter now, '' where they may. Without an `answer` the proof is not asked for."""
    moment, rule = now(), draw.terms["rule"]
    standing = access.standing_in(user, draw.space)
    if draw.cancelled_at is not None or draw.frozen_at is not None or moment >= draw.closes_at:
        return _("Registration is closed.")
    if moment < draw.opens_at:
        return _("Registration has not opened yet.")
    if standing is None or standing.membership is None or not standing.may_write:
        return _("Members of this space take part.")
    if user.pk == draw.author_id or standing.may_moderate:
        return _("Who runs the space does not take part.")
    if rule["members_before"] and standing.membership.joined_at > draw.published_at:
        return _("Only who was a member before this draw was published takes part.")
    if answer is not None and rule["question"]:
        if not answer.strip():
            return _("Please answer the question.")
        if rule["answers_sha256"] and answer_hash(answer) not in rule["answers_sha256"]:
            return _("That is not the answer.")
    return ""


def lock_draw(draw: Draw) -> Draw:
    return Draw.objects.select_for_update(of=("self",)).select_related("space").get(pk=draw.pk)
