"""Blocking a person, and taking it back."""

from typing import Any

from community.models import Block
from kit.clock import now


def block(*, user: Any, person: Any) -> None:
    """From now on neither writes to the other; again: nothing. Nobody blocks themselves."""
    if user.pk != person.pk:
        Block.objects.get_or_create(user=user, person=person, defaults={"since": now()})


def unblock(*, user: Any, person: Any) -> None:
    """No more; again: nothing."""
    Block.objects.filter(user=user, person=person).delete()
