"""Spaces: a person's own with their news, the public ones, who helps there."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest

from accounts.roles import oversees
from community.access import HELPING, MODERATING
from community.models import Membership, ReadMark, Space, Topic
from kit.clock import now
from kit.prepared import Given, prepared

SHOWN_PEOPLE = 6


def space_people(space: Space) -> list[Membership]:
    """Who runs and helps in a space, owners first."""
    return list(_helping(space=space.pk))


@prepared
def _helping() -> QuerySet[Membership]:
    live = Membership.objects.filter(space=Given("space"), ended_at=None, role__in=HELPING, user__is_active=True)
    # Owner, moderator, helper: as it happens, backwards by the alphabet.
    return live.select_related("user__profile").order_by("-role", "pk")[:SHOWN_PEOPLE]


def spaces_of(user: Any) -> list[Space]:
    """The person's spaces with `unread` (topics) and `members`, those with news first."""
    cutoff = now() - timedelta(days=settings.UNREAD_DAYS)
    mine = Membership.objects.filter(user=user, ended_at=None).select_related("space")
    spaces = {membership.space_id: membership.space for membership in mine}
    since = Greatest(Value(cutoff), Coalesce("space__memberships__read_at", "space__memberships__joined_at"))
    marks = ReadMark.objects.filter(user=user, topic=OuterRef("pk"), last_read_no__gte=OuterRef("last_no"))
    news = Topic.objects.filter(
        ~Exists(marks),
        space__memberships__user=user,
        space__memberships__ended_at=None,
        removed_at=None,
        last_post_at__gt=since,
    )
    unread = dict(news.values_list("space_id").annotate(n=Count("pk")).order_by())
    for space in spaces.values():
        space.unread = unread.get(space.pk, 0)  # type: ignore[attr-defined]
    add_member_counts(spaces.values())
    return sorted(spaces.values(), key=lambda space: (space.archived_at is not None, -space.unread, space.name))  # type: ignore[attr-defined]


def public_spaces(besides: Iterable[Space] = (), limit: int = 30) -> list[Space]:
    """Public spaces that are not among `besides`, newest first, with `members`."""
    known = [space.pk for space in besides]
    found = (
        Space.objects.filter(visibility=Space.Visibility.PUBLIC, archived_at=None)
        .exclude(pk__in=known)
        .order_by("-created_at", "-pk")
    )
    spaces = list(found[:limit])
    add_member_counts(spaces)
    return spaces


def spaces_moderated(user: Any, besides: Space, limit: int = 100) -> list[tuple[str, str]]:
    """(slug, name) of other living spaces that the person moderates; all of them for the site's owner."""
    spaces = Space.objects.filter(archived_at=None).exclude(pk=besides.pk)
    if not oversees(user):
        places = Membership.objects.filter(user=user, ended_at=None, role__in=MODERATING)
        spaces = spaces.filter(pk__in=places.values("space"))
    return list(spaces.order_by("name", "pk").values_list("slug", "name")[:limit])


def add_member_counts(spaces: Iterable[Space]) -> None:
    """Each space with `members`, the number of live places."""
    known = list(spaces)
    live = Membership.objects.filter(space__in=known, ended_at=None)
    counts = dict(live.values_list("space_id").annotate(n=Count("pk")).order_by())
    for space in known:
        space.members = counts.get(space.pk, 0)  # type: ignore[attr-defined]
