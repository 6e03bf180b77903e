"""Who has a place in a space, what they are interested in there, who asks for one, and the spaces one can ask at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet

from community.access import MODERATING
from community.models import Application, Interest, Membership, Space
from community.reads.spaces import add_member_counts
from kit.pictures import THUMB, picture_urls

MEMBERS_PAGE = 50
_LISTED = (Space.Way.SITE, Space.Way.GRADUATES, Space.Way.ANSWERS)


@dataclass
class MembersPage:
    """Members, newest first, each with `face` and `handle` ('' where not public); `older` is the id to go on before."""

    places: list[Membership]
    older: int | None


def members(space: Space, *, before: int | None = None, role: str = "") -> MembersPage:
    """A page of a space's members by keyset, without a count; of one role where it is given."""
    live = Membership.objects.filter(space=space, ended_at=None, user__is_active=True)
    if before is not None:
        live = live.filter(pk__lt=before)
    if role in Membership.Role.values:
        live = live.filter(role=role)
    rows = list(live.select_related("user__profile__portrait").order_by("-pk")[: MEMBERS_PAGE + 1])
    places = rows[:MEMBERS_PAGE]
    profiles = {place.pk: getattr(place.user, "profile", None) for place in places}
    urls = picture_urls((profile.portrait for profile in profiles.values() if profile), THUMB)
    for place in places:
        profile = profiles[place.pk]
        place.face = urls.get(profile.portrait_id or 0, "") if profile else ""  # type: ignore[attr-defined]
        place.handle = profile.handle if profile and profile.is_public else ""  # type: ignore[attr-defined]
    return MembersPage(places, places[-1].pk if len(rows) > MEMBERS_PAGE else None)


def interests_of(user: Any) -> list[str]:
    """What a person is interested in, as they said in the spaces in which they have a place; each once."""
    mine = Membership.objects.filter(user=user, ended_at=None).values("space")
    tags = Interest.objects.filter(user=user, space__in=mine).order_by("tag")
    return list(dict.fromkeys(tags.values_list("tag", flat=True)))


def interests_around(*, refs: Iterable[str], owner: Any) -> QuerySet[Interest]:
    """What members are interested in, in the spaces that belong to one of `refs` (`cohort:5`, `course:3`), and in those
    of `owner` that belong to nothing.
    """
    owned = Membership.objects.filter(user=owner, role=Membership.Role.OWNER, ended_at=None).values("space")
    wanted = list(refs)
    spaces = Space.objects.filter(Q(about__in=wanted) | Q(way_of__in=wanted) | Q(pk__in=owned, about="", way_of=""))
    lives_there = Membership.objects.filter(user=OuterRef("user"), space=OuterRef("space"), ended_at=None)
    return Interest.objects.filter(Exists(lives_there), space__in=spaces)


def interests_in(user: Any, space: Space) -> list[str]:
    """What a person chose in this very space."""
    return list(Interest.objects.filter(user=user, space=space).order_by("tag").values_list("tag", flat=True))


def moderators_of(space: Space) -> QuerySet[Any]:
    """Who moderates or owns this very space now."""
    return get_user_model().objects.filter(
        is_active=True,
        memberships__space=space,
        memberships__ended_at=None,
        memberships__role__in=MODERATING,
    )


def waiting_applications(space: Space, limit: int = 50) -> list[Application]:
    """Those that nobody has decided, the longest waiting first."""
    rows = Application.objects.filter(space=space, state=Application.State.OPEN).select_related("user")
    return list(rows.order_by("made_at", "pk")[:limit])


def spaces_to_ask_at(besides: Iterable[Space] = (), limit: int = 30) -> list[Space]:
    """Closed spaces that can be applied for and are no secret, not among `besides`, newest first, with `members`."""
    known = [space.pk for space in besides]
    found = Space.objects.filter(way__in=_LISTED, archived_at=None).exclude(pk__in=known).order_by("-created_at", "-pk")
    spaces = list(found[:limit])
    add_member_counts(spaces)
    return spaces
