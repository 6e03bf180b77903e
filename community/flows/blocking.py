"""Who wants nothing to do with whom; the one place of messages that knows how that is kept."""

from typing import Any

from django.db.models import Q

from community.models import Block
from kit.clock import now


def blocked_between(one: Any, other: Any) -> bool:
    """Whether either of the two has blocked the other. One query."""
    return Block.objects.filter(Q(user=one, person=other) | Q(user=other, person=one)).exists()


def has_blocked(user: Any, person: Any) -> bool:
    return Block.objects.filter(user=user, person=person).exists()


def blocked_with(user: Any) -> set[int]:
    """Ids of all who blocked this person or were blocked by them. One query."""
    pairs = Block.objects.filter(Q(user=user) | Q(person=user)).values_list("user", "person")
    return {one for pair in pairs for one in pair} - {user.pk}


def set_blocked(*, user: Any, person: Any, on: bool) -> None:
    """From now on neither writes to the other, or no more; again: nothing. Nobody blocks themselves."""
    if not on:
        Block.objects.filter(user=user, person=person).delete()
    elif user.pk != person.pk:
        Block.objects.get_or_create(user=user, person=person, defaults={"since": now()})


def blocks_of(user: Any) -> list[dict[str, Any]]:
    """For the person's export."""
    return list(Block.objects.filter(user=user).values("person__profile__handle", "since"))


def forget_blocks(user: Any) -> None:
    """The person leaves for good."""
    Block.objects.filter(Q(user=user) | Q(person=user)).delete()
