"""Which way a notice takes to a person, and when their mail has to wait. Reads only."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from kit.clock import now, zone
from notices.groups import BY_NAME, How, group_of, is_urgent
from notices.models import Choice, QuietHours

BY_DEFAULT = str(How.AT_ONCE)


def ways_of(*, users: Collection[int], kind: str, gate: str) -> dict[int, str]:
    """{user's id: How} of those who chose otherwise than the default. One query, none for what nobody can choose."""
    group = group_of(kind)
    if group.is_fixed or not users:
        return {}
    rows = Choice.objects.filter(user__in=users, group=group.name, place__in={"", gate}).order_by("place")
    # The empty place sorts first: what was chosen for a space overwrites it.
    return dict(rows.values_list("user", "how"))


def way_of(user: Any, *, kind: str, gate: str) -> str:
    """How a notice of this kind from this place reaches the person."""
    return ways_of(users=[user.pk], kind=kind, gate=gate).get(user.pk, BY_DEFAULT)


def chosen_by(user: Any, place: str = "") -> dict[str, str]:
    """{group: How} as chosen for this place alone; groups that no longer exist are left out."""
    rows = Choice.objects.filter(user=user, place=place).values_list("group", "how")
    return {group: how for group, how in rows if group in BY_NAME}


def places_with_choices(user: Any) -> set[str]:
    """The places for which the person chose something of their own."""
    return set(Choice.objects.filter(user=user).exclude(place="").values_list("place", flat=True))


def quiet_until(user: Any, kind: str = "") -> datetime | None:
    """When the quiet hours that the person is in will end; None outside of them, and for what is urgent."""
    if kind and is_urgent(kind):
        return None
    quiet = QuietHours.objects.filter(user=user).first()
    if quiet is None:
        return None
    there = zone(user.time_zone)
    local = now().astimezone(there)
    time = local.time()
    is_quiet = quiet.start <= time < quiet.end if quiet.start < quiet.end else time >= quiet.start or time < quiet.end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=time >= quiet.end)
    return datetime.combine(day, quiet.end, tzinfo=there).astimezone(now().tzinfo)
