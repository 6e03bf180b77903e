"""The live process's side of the database. Everything here is called from its threads."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q

from accounts.models import User
from accounts.sessions import people_of
from kit.clock import now
from notices import gates
from notices.live import values_of
from notices.models import LiveEvent, Notice
from notices.reads import MOST_COUNTED, unread_count

MOST_AT_ONCE = 500
_LOCK = 20_611_177
# Held until the commit: a number is visible before the next one is given, so that reading on from the last misses none.
_NUMBER = """
UPDATE notices_liveevent AS event SET seq = fresh.n FROM (
    SELECT id, nextval('notices_live_seq') AS n
    FROM (SELECT id FROM notices_liveevent WHERE seq IS NULL ORDER BY id LIMIT 500) AS unnumbered
) AS fresh WHERE event.id = fresh.id
"""


@dataclass
class Verdict:
    """Who gets what: live session keys, {seq: ids of people whom the gate lets}, {person: unread notices}."""

    sessions: set[str] = field(default_factory=set)
    allowed: dict[int, set[int]] = field(default_factory=dict)
    unread: dict[int, int] = field(default_factory=dict)


def number_new() -> None:
    """Give committed events their place in the order; one process at a time, the others find it done."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if cursor.fetchone()[0]:
            cursor.execute(_NUMBER)


def last_number() -> int:
    """The highest given so far."""
    number_new()
    return LiveEvent.objects.aggregate(last=Max("seq"))["last"] or 0


def next_events(after: int) -> list[LiveEvent]:
    """What came after a number, in order."""
    number_new()
    return list(LiveEvent.objects.filter(seq__gt=after).order_by("seq")[:MOST_AT_ONCE])


def missed(*, user_id: int, channels: Collection[str], after: int, upto: int) -> list[LiveEvent] | None:
    """What one stream did not get while it was away; None where that is too much or too long ago to tell."""
    oldest = LiveEvent.objects.aggregate(oldest=Min("seq"))["oldest"]
    if after > upto or (oldest is not None and after < oldest - 1 and after < upto):
        return None
    mine = Q(people__contains=[user_id]) | Q(channels__overlap=list(channels))
    rows = list(LiveEvent.objects.filter(mine, seq__gt=after, seq__lte=upto).order_by("seq")[: MOST_AT_ONCE + 1])
    return rows if len(rows) <= MOST_AT_ONCE else None


def judge(*, events: Sequence[LiveEvent], sessions: Iterable[str], people: dict[int, set[int]]) -> Verdict:
    """Ask again, now: whose session lives, and whom each event's gate lets. `people`: {seq: those who would get it}."""
    found = people_of(sessions)
    verdict = Verdict(sessions=set(found))
    users = {user.pk: user for user in found.values()}
    open_to: dict[str, set[int]] = {}
    for event in events:
        wanted = [users[pk] for pk in people[event.seq] if pk in users]
        asked = [user for user in wanted if event.gate and user.pk not in open_to.get(event.gate, set())]
        if asked:
            open_to.setdefault(event.gate, set()).update(gates.open_for(event.gate, asked))
        verdict.allowed[event.seq] = {user.pk for user in wanted if not event.gate or user.pk in open_to.get(event.gate, ())}
    told = {pk for event in events if event.kind == "notice" for pk in verdict.allowed[event.seq]}
    if told:
        counts = Notice.objects.filter(user__in=told, read_at=None).values_list("user").annotate(n=Count("pk")).order_by()
        verdict.unread = dict.fromkeys(told, 0) | {pk: min(n, MOST_COUNTED) for pk, n in counts}
    return verdict


def state_of(user: User, references: Iterable[str]) -> dict[str, Any]:
    """What an open page compares with what it shows: {"unread": 3, "values": {"topic:5": 21}}."""
    return {"unread": unread_count(user), "values": values_of(references, user)}


def forget_events() -> int:
    """Delete what no stream will ask for any more; how many. For the beat."""
    return LiveEvent.objects.filter(at__lt=now() - timedelta(days=settings.LIVE_DAYS)).delete()[0]
