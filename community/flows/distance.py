"""Muting and blocking people, and what other rooms ask of it."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from community.models import Distance, Follow
from kit.clock import now


@transaction.atomic
def keep_distance(*, user: Any, person: Any, kind: str) -> None:
    """`mute` | `block`, in place of what was; blocking ends following in both directions. Raises ValueError for another kind."""
    kind = str(Distance.Kind(kind))
    if user.pk == person.pk:
        return
    Distance.objects.update_or_create(user=user, person=person, defaults={"kind": kind, "since": now()})
    if kind == Distance.Kind.BLOCK:
        Follow.objects.filter(Q(user=user, person=person) | Q(user=person, person=user)).delete()


def end_distance(*, user: Any, person: Any) -> None:
    """As before; again: nothing."""
    Distance.objects.filter(user=user, person=person).delete()


def muted_by(user: Any) -> set[int]:
    """Ids of people whom this person does not want to read, blocked ones included. One query."""
    if not user.is_authenticated:
        return set()
    return set(Distance.objects.filter(user=user.pk).values_list("person", flat=True))


def blocked_between(one: Any, other: Any) -> bool:
    """Whether either has blocked the other: no messages, mentions or replies between them. One query."""
    pairs = Q(user=one.pk, person=other.pk) | Q(user=other.pk, person=one.pk)
    return Distance.objects.filter(pairs, kind=Distance.Kind.BLOCK).exists()


def blockers_of(author: Any) -> set[int]:
    """Ids of people who want nothing of this author: mutes and blocks of theirs. One query."""
    return set(Distance.objects.filter(person=author.pk).values_list("user", flat=True))
