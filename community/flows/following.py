"""Following a person, a space or a topic, and telling those who do."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from community import access
from community.errors import Refused
from community.models import Follow, Post, Space, Topic, Watch
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


def watch(*, user: Any, space: Space | None = None, topic: Topic | None = None) -> None:
    """Be told of new topics in the space, or of new posts in the topic; again: nothing. Raises Refused where one may not read."""
    place = topic.space if topic else space
    if place is None or not access.may_read(user, place):
        raise Refused(_("There is nothing to follow here."))
    Watch.objects.get_or_create(user=user, space=None if topic else space, topic=topic, defaults={"since": now()})


def unwatch(*, user: Any, space: Space | None = None, topic: Topic | None = None) -> None:
    """No more; again: nothing."""
    Watch.objects.filter(user=user, space=None if topic else space, topic=topic).delete()


def watchers_of(post: Post) -> Q:
    """Condition over people: who follows the post's topic, or for a new one its space, since before it was written."""
    watched = Q(topic=post.topic_id)
    if post.no == 1:
        watched |= Q(space=post.topic.space_id)
    return Q(pk__in=Watch.objects.filter(watched, since__lte=post.created_at).values("user"))


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
