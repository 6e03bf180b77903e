"""Spaces and topics as cards for other rooms, and the gate of what is told about them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse

from community import access
from community.models import Space, Topic
from kit import things
from notices import gates


def register_all() -> None:
    things.register("space", space_cards)
    things.register("topic", topic_cards)
    gates.register("space", space_gate, open_spaces)


def space_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    spaces = access.readable_spaces(request.user).filter(pk__in=_numbers(ids))
    return {
        str(space.pk): things.Card(space.name, reverse("community:space", args=[space.slug]), space.description)
        for space in spaces
    }


def topic_cards(ids: Sequence[str], request: Any) -> Mapping[str, things.Card]:
    topics = Topic.objects.filter(pk__in=_numbers(ids), removed_at=None, space__in=access.readable_spaces(request.user))
    return {str(topic.pk): things.Card(topic.title, topic.path, topic.space.name) for topic in topics.select_related("space")}


def space_gate(ident: str, user: Any) -> bool:
    """Whether the person may still read the space."""
    space = Space.objects.filter(pk=ident).first() if ident.isdecimal() else None
    return space is not None and access.may_read(user, space)


def open_spaces(ids: Collection[str], user: Any) -> set[str]:
    """Those of the spaces that the person may still read."""
    found = access.readable_spaces(user).filter(pk__in=_numbers(ids))
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _numbers(ids: Collection[str]) -> list[int]:
    return [int(ident) for ident in ids if ident.isdecimal()]
