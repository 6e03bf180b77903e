"""Following a person, and telling those who do."""

from typing import Any

from django.db import transaction

from accounts.models import User
from community.models import Follow
from kit.clock import now
from notices.flows import Words, notify_many


def follow(*, user: Any, person: Any) -> None:
    """From now on; again: nothing. Nobody follows themselves."""
    if user.pk != person.pk:
        Follow.objects.get_or_create(user=user, person=person, defaults={"since": now()})


def unfollow(*, user: Any, person: Any) -> None:
    """No more; again: nothing."""
    Follow.objects.filter(user=user, person=person).delete()


@transaction.atomic
def tell_followers(*, person: Any, key: str, words: Words, url: str) -> None:
    """Everybody who follows the person hears it, each once per `key`."""
    users = User.objects.filter(follows__person=person, is_active=True)
    notify_many(users=users, kind="follow", key=key, words=words, url=url)
