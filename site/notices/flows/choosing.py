"""What a person wants to hear, and when not."""

from datetime import time
from typing import Any

from django.db import transaction

from notices.groups import BY_MAIL, BY_NAME, DIGEST, DIGESTS, How, group_of
from notices.models import Choice, Notice, QuietHours


@transaction.atomic
def choose(*, user: Any, group: str, how: str, place: str = "") -> None:
    """From now on; notices that wait for a digest follow. An empty `how` takes back what was chosen.

    Raises ValueError for a group that cannot be chosen, for a place where the group has none, and for an unknown way.
    """
    known = BY_NAME[group]
    if known.is_fixed or (place and not known.in_spaces) or how not in ("", *How.values):
        raise ValueError(f"{group} in {place or 'general'} cannot be {how!r}")
    rows = Choice.objects.filter(user=user, group=group, place=place)
    if not how:
        rows.delete()
    else:
        Choice.objects.update_or_create(user=user, group=group, place=place, defaults={"how": how})
    _move_waiting(user)


@transaction.atomic
def stop_mail(*, user: Any, about: str) -> None:
    """One press on a mail's own "unsubscribe" (RFC 8058): this group, or every digest, stays in the inbox. Again: nothing."""
    rows = Choice.objects.filter(user=user, how__in=DIGESTS if about == DIGEST else BY_MAIL)
    if about != DIGEST:
        rows = rows.filter(group=about)
        Choice.objects.get_or_create(user=user, group=about, place="", defaults={"how": How.INBOX})
    rows.update(how=How.INBOX)
    _move_waiting(user)


def set_quiet_hours(*, user: Any, start: time | None, end: time | None) -> None:
    """No mail from `start` to `end` in the person's zone; None and None: at any hour. Raises ValueError for half a pair."""
    if (start is None) != (end is None) or (start is not None and start == end):
        raise ValueError("quiet hours have a beginning and another end")
    if start is None or end is None:
        QuietHours.objects.filter(user=user).delete()
    else:
        QuietHours.objects.update_or_create(user=user, defaults={"start": start, "end": end})


def _move_waiting(user: Any) -> None:
    """What waits for a digest follows the choice; to "at once" it does not: then its time was when it was written."""
    chosen = {(row.group, row.place): row.how for row in Choice.objects.filter(user=user)}
    waiting = Notice.objects.select_for_update().filter(user=user, digest=None, emailed_at=None).exclude(rhythm="")
    for notice in waiting.order_by("pk"):
        group = group_of(notice.kind).name
        how = chosen.get((group, notice.gate)) or chosen.get((group, ""), str(How.AT_ONCE))
        rhythm = "" if how in (How.INBOX, How.OFF) else how if how in DIGESTS else notice.rhythm
        if rhythm != notice.rhythm:
            notice.rhythm = rhythm
            notice.save(update_fields=["rhythm"])
