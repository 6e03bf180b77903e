"""The line for a class, as its people and its teacher see it."""

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from courses.models import Cohort, WaitListEntry
from kit.clock import now


def seats_offered_to(user_id: int) -> dict[str, datetime]:
    """Stock refs of the classes in which a seat is kept for this person now, and until when. One query."""
    rows = WaitListEntry.objects.filter(user=user_id, state=WaitListEntry.State.OFFERED, deadline__gt=now())
    return {f"cohort:{cohort}": deadline for cohort, deadline in rows.values_list("cohort", "deadline")}


def own_entry(user: Any, cohort: Cohort) -> WaitListEntry | None:
    """Where this person stands: the live entry, with `place` in the line from 1, or the last one that ended."""
    live = WaitListEntry.objects.filter(cohort=cohort, user=user, state__in=WaitListEntry.LIVE).first()
    if live is None:
        return WaitListEntry.objects.filter(cohort=cohort, user=user).order_by("-pk").first()
    before = Q(joined_at__lt=live.joined_at) | Q(joined_at=live.joined_at, pk__lt=live.pk)
    ahead = WaitListEntry.objects.filter(before, cohort=cohort, state=WaitListEntry.State.WAITING)
    live.place = ahead.count() + 1  # type: ignore[attr-defined]
    return live


def line_of(cohort: Cohort) -> QuerySet[WaitListEntry]:
    """Offers that run and who waits, in order, each with `place`."""
    rows = cohort.wait_list.filter(state__in=WaitListEntry.LIVE).select_related("user")
    place = Window(RowNumber(), order_by=[F("joined_at").asc(), F("pk").asc()])
    return rows.annotate(place=place).order_by("joined_at", "pk")
