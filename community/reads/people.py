"""Members by what people call them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Profile
from community.models import Post, Space

MOST_NAMED = 6


def members_by_handle(space_id: int, handles: Sequence[str]) -> QuerySet[Profile]:
    """Profiles of live members of a space."""
    return Profile.objects.filter(
        handle__in=handles, user__memberships__space=space_id, user__memberships__ended_at=None, user__is_active=True
    )


def handles_of_members(space: Space, handles: Sequence[str]) -> dict[str, str]:
    """Those of the handles that members have → the same where their page is public, else ""."""
    found = members_by_handle(space.pk, handles).values_list("handle", "is_public") if handles else []
    return {handle: handle if is_public else "" for handle, is_public in found}


def members_named(space: Space, text: str, *, everyone: bool = True) -> list[tuple[str, str]]:
    """(handle, name) of a few live members whose handle or name begins with the text; unless `everyone`, of those who
    have written there and are seen anyway.
    """
    text = text.strip()[:40]
    if not text:
        return []
    mine = Profile.objects.filter(
        Q(handle__startswith=text.lower()) | Q(user__name__istartswith=text),
        user__memberships__space=space,
        user__memberships__ended_at=None,
        user__is_active=True,
    )
    if not everyone:
        mine = mine.filter(Exists(Post.objects.filter(author=OuterRef("user"), topic__space=space, removed_at=None)))
    rows: list[Any] = list(mine.select_related("user").order_by("handle")[:MOST_NAMED])
    return [(row.handle, row.user.display_name) for row in rows]
