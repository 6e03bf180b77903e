"""Muting and blocking people, and what other rooms ask of it."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from community.flows.blocking import blocked_between, set_blocked
from community.models import Block, Follow, Mute, Post
from kit.clock import now
from notices.flows import withdraw
from notices.models import Notice

__all__ = ["BLOCK", "MUTE", "block", "blocked_between", "distance_to", "end_distance", "mute", "muted_by", "who_keep_away_from"]

MUTE, BLOCK = "mute", "block"
# A notice of a post is known by its number (flows/telling.py).
POST_KEY = "post:"


def mute(*, user: Any, person: Any) -> None:
    """Their posts are folded away, not found and not in the feed, and no notice tells of them; again: nothing. Nobody mutes
    themselves."""
    if user.pk != person.pk:
        Mute.objects.get_or_create(user=user, person=person, defaults={"since": now()})
        _withdraw_news(user, person)


@transaction.atomic
def block(*, user: Any, person: Any) -> None:
    """Neither writes to, names or answers the other; following ends in both directions."""
    set_blocked(user=user, person=person, on=True)
    Follow.objects.filter(Q(user=user, person=person) | Q(user=person, person=user)).delete()
    _withdraw_news(user, person)


def _withdraw_news(user: Any, person: Any) -> None:
    """What the person was told of the other's posts; mails and digests that wait say nothing of it either."""
    told = Notice.objects.filter(user=user, key__startswith=POST_KEY).values_list("key", flat=True)
    posts = Post.objects.filter(author=person, pk__in=[int(key.removeprefix(POST_KEY)) for key in told])
    withdraw(keys=[f"{POST_KEY}{pk}" for pk in posts.values_list("pk", flat=True)], user=user)


@transaction.atomic
def end_distance(*, user: Any, person: Any) -> None:
    """Neither muted nor blocked any more; again: nothing."""
    Mute.objects.filter(user=user, person=person).delete()
    set_blocked(user=user, person=person, on=False)


def distance_to(user: Any, person: Any) -> str:
    """`mute`, `block` or ''. Two queries."""
    if Block.objects.filter(user=user.pk, person=person.pk).exists():
        return BLOCK
    return MUTE if Mute.objects.filter(user=user.pk, person=person.pk).exists() else ""


def muted_by(user: Any) -> set[int]:
    """Ids of people whom this person does not want to read, blocked ones included. One query."""
    if not user.is_authenticated:
        return set()
    mutes = Mute.objects.filter(user=user.pk).values_list("person")
    return {pk for (pk,) in mutes.union(Block.objects.filter(user=user.pk).values_list("person"))}


def who_keep_away_from(author: Any) -> set[int]:
    """Ids of people who muted or blocked this author: no notice tells them of what the author writes. One query."""
    mutes = Mute.objects.filter(person=author.pk).values_list("user")
    return {pk for (pk,) in mutes.union(Block.objects.filter(person=author.pk).values_list("user"))}
