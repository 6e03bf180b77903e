"""Following a person, and telling those who do."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from community.models import Follow
from kit import outbox
from kit.clock import now
from kit.paths import without_language
from notices import fanout
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
    """Everybody who follows the person hears it, each once per `key`: one outbox row now, however many they are."""
    said = {"title": words.title, "body": words.body, "params": None if words.params is None else dict(words.params)}
    payload = {"person": person.pk, "key": key, "words": said, "url": without_language(url)}
    outbox.write(topic="follow.news", key=key, payload=payload)


def split_followers(payload: dict[str, Any]) -> None:
    """Handler of `follow.news`: a row of `follow.tell` for each chunk of them."""
    people = _followers(payload["person"])
    fanout.in_chunks(topic="follow.tell", key=payload["key"], people=people, payload=payload)


def tell_chunk_of_followers(payload: dict[str, Any]) -> None:
    """Handler of `follow.tell`: those of the chunk who follow the person by now."""
    notify_many(
        users=fanout.part_of(_followers(payload["person"]), payload),
        kind="follow",
        key=payload["key"],
        words=Words(**payload["words"]),
        url=payload["url"],
    )


def _followers(person: int) -> QuerySet[User]:
    return User.objects.filter(follows__person=person, is_active=True)
