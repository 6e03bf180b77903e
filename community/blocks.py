"""Who wants nothing to do with whom; every room that lets people reach each other asks here."""

from typing import Any

from django.db.models import Q

from community.models import Block


def blocked_between(one: Any, other: Any) -> bool:
    """Whether either of the two has blocked the other. One query."""
    return Block.objects.filter(Q(user=one, person=other) | Q(user=other, person=one)).exists()


def has_blocked(user: Any, person: Any) -> bool:
    return Block.objects.filter(user=user, person=person).exists()
