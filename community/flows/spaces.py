"""Spaces come to be; people join and leave them."""

from typing import Any

from django.db import transaction

from community.models import Membership, Space
from kit.clock import now

RANK = {role: rank for rank, role in enumerate(Membership.Role.values)}


@transaction.atomic
def ensure_space(*, slug: str, name: str, about: str = "", visibility: str = "members", description: str = "") -> Space:
    """The space of `about` (`cohort:5`), or without one the space with this slug; made if missing, never changed."""
    if about and (found := Space.objects.filter(about=about).order_by("pk").first()):
        return found
    way = Space.Way.COHORT if about.startswith("cohort:") else Space.Way.INVITATION
    values = {
        "name": name,
        "about": about,
        "visibility": visibility,
        "way": Space.Way.PUBLIC if visibility == Space.Visibility.PUBLIC else way,
        "description": description,
        "created_at": now(),
    }
    space, _created = Space.objects.get_or_create(slug=slug, defaults=values)
    return space


def rename_space(*, about: str, name: str) -> None:
    """Give the space of `about` (`cohort:5`) another name; its address stays."""
    Space.objects.filter(about=about).update(name=name)


@transaction.atomic
def join(*, user: Any, space: Space, role: str = "member", source: str = "") -> Membership:
    """Give a person a place in a space; safe to repeat. A role is raised, never lowered, by joining again.

    `source` is what gives the place (`enrolment:3`) and will take it away by `leave(source=…)`; a place that staff
    gave (no source) outlives every purchase.
    """
    defaults = {"role": role, "source": source, "joined_at": now()}
    membership, created = Membership.objects.select_for_update().get_or_create(
        space=space, user=user, ended_at=None, defaults=defaults
    )
    if not created:
        membership.role = max(membership.role, role, key=lambda name: RANK[name])
        membership.source = (source or "") if membership.source else ""
        membership.save(update_fields=["role", "source"])
    return membership


@transaction.atomic
def leave(*, source: str = "", user: Any = None, space: Space | None = None) -> int:
    """End the live memberships that `source` gave, or the one of `user` in `space`; returns how many ended."""
    live = Membership.objects.filter(ended_at=None)
    if source:
        return live.filter(source=source).update(ended_at=now())
    if user is None or space is None:
        raise ValueError("leave() needs a source, or a user and a space")
    return live.filter(user=user, space=space).update(ended_at=now())
