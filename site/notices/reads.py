"""A person's inbox: newest first by keyset; what the person has lost access to is not shown."""

from typing import Any

from django.db.models import QuerySet

from kit.prepared import Given, prepared
from notices import gates
from notices.models import Notice

PAGE = 30
MOST_COUNTED = 99


def inbox(user: Any, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Notice], int | None]:
    """(notices still open to the person, id to continue before or None)."""
    rows = Notice.objects.filter(user=user).order_by("-created_at", "-pk")
    if before is not None and (edge := rows.filter(pk=before).first()):
        rows = rows.filter(created_at__lte=edge.created_at).exclude(created_at=edge.created_at, pk__gte=edge.pk)
    found = list(rows[: limit + 1])
    page, rest = found[:limit], found[limit:]
    is_open = gates.open_among({notice.gate for notice in page}, user)
    return [notice for notice in page if notice.gate in is_open], page[-1].pk if rest else None


def unread_count(user: Any) -> int:
    """How many notices wait, at most 99."""
    return len(_unread(user=user.pk)) if user.is_authenticated else 0


@prepared
def _unread() -> QuerySet[Notice]:
    return Notice.objects.filter(user=Given("user"), read_at=None).only("pk")[:MOST_COUNTED]
