"""Spaces and topics as cards for other rooms, and the gate of what is told about them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.urls import reverse

from community import access
from community.models import Membership, Space, Topic, Wish
from kit import things
from notices import gates, live


def register_all() -> None:
    things.register("space", space_cards)
    things.register("topic", topic_cards)
    things.register("wish", wish_cards)
    gates.register("space", space_gate, open_spaces, people=readers_among, places=places_of)
    live.register("topic", last_numbers)
    live.register("space", last_moments)


def space_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    spaces = access.readable_spaces(request.user).filter(pk__in=_numbers(ids))
    return {
        str(space.pk): things.Card(space.name, reverse("community:space", args=[space.slug]), space.description)
        for space in spaces
    }


def topic_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    topics = Topic.objects.filter(pk__in=_numbers(ids), removed_at=None, space__in=access.readable_spaces(request.user))
    return {str(topic.pk): things.Card(topic.title, topic.path, topic.space.name) for topic in topics.select_related("space")}


def wish_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    wishes = Wish.objects.filter(pk__in=_numbers(ids), topic__removed_at=None).select_related("topic")
    return {str(wish.pk): things.Card(wish.topic.title, wish.path, wish.label) for wish in wishes}


def space_gate(ident: str, user: Any) -> bool:
    """Whether the person may still read the space."""
    space = Space.objects.filter(pk=ident).first() if ident.isdecimal() else None
    return space is not None and access.may_read(user, space)


def open_spaces(ids: Collection[str], user: Any) -> set[str]:
    """Those of the spaces that the person may still read."""
    found = access.readable_spaces(user).filter(pk__in=_numbers(ids))
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def readers_among(ident: str, users: Collection[Any]) -> set[int]:
    """The ids of those persons who may read the space now. One query, more only for staff without a place in it."""
    space = Space.objects.filter(pk=ident).first() if ident.isdecimal() else None
    if space is None:
        return set()
    if space.visibility == Space.Visibility.PUBLIC:
        return {user.pk for user in users}
    places = Membership.objects.filter(space=space, user__in=[user.pk for user in users], ended_at=None)
    members = set(places.values_list("user", flat=True))
    return members | {user.pk for user in users if user.pk not in members and user.is_staff and access.may_read(user, space)}


def places_of(user: Any) -> Mapping[str, str]:
    """The person's own spaces by name: for each of them they choose what they are told."""
    mine = Membership.objects.filter(user=user, ended_at=None, space__archived_at=None)
    return {str(pk): name for pk, name in mine.values_list("space", "space__name").order_by("space__name", "space")}


def last_numbers(ids: Collection[str], user: Any) -> Mapping[str, int]:
    """For open pages: how far topics have come (notices.live)."""
    topics = Topic.objects.filter(pk__in=_numbers(ids), removed_at=None, space__in=access.readable_spaces(user))
    return {str(pk): no for pk, no in topics.values_list("pk", "last_no")}


def last_moments(ids: Collection[str], user: Any) -> Mapping[str, int]:
    """For open boards: when somebody last wrote there."""
    rows = Topic.objects.filter(space__in=access.readable_spaces(user).filter(pk__in=_numbers(ids)), removed_at=None)
    return {str(pk): stamp(at) for pk, at in rows.values_list("space").annotate(at=Max("last_post_at")).order_by()}


def stamp(moment: datetime) -> int:
    """A moment as a number that grows: milliseconds."""
    return int(moment.timestamp() * 1000)


def _numbers(ids: Collection[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdecimal()]
