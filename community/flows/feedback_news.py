"""Who voted for a wish hears what becomes of it: each person once for each piece of news, in chunks."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as _

from accounts.models import User
from community.models import Release, Wish, WishVote
from notices import fanout
from notices.flows import Words, notify_many

HEADLINES = {
    "open": _("Your wish is open again: %(title)s"),
    "planned": _("Your wish is planned: %(title)s"),
    "building": _("Your wish is being built: %(title)s"),
    "declined": _("Your wish was declined: %(title)s"),
}


def split_wish_news(payload: dict[str, Any]) -> None:
    """Handler of `wish.news`."""
    key = f"wish:{payload['wish']}:{payload['state']}"
    fanout.in_chunks(topic="wish.tell", key=key, people=_voters(wish=payload["wish"]), payload=payload)


def tell_chunk_of_wish(payload: dict[str, Any]) -> None:
    """Handler of `wish.tell`; silent where the wish has moved on meanwhile, or its topic was removed."""
    wishes = Wish.objects.select_related("topic").filter(pk=payload["wish"], state=payload["state"], topic__removed_at=None)
    if (wish := wishes.first()) is None:
        return
    words = Words(HEADLINES[wish.state], "%(answer)s", {"title": wish.topic.title, "answer": wish.answer[:300]})
    notify_many(
        users=fanout.part_of(_voters(wish=wish.pk), payload),
        kind="feedback.state",
        key=f"wish:{wish.pk}:{wish.state}",
        words=words,
        url=f"/feedback/{wish.pk}/",
    )


def split_release_news(payload: dict[str, Any]) -> None:
    """Handler of `release.news`."""
    people = _voters(wish__release=payload["release"])
    fanout.in_chunks(topic="release.tell", key=f"release:{payload['release']}", people=people, payload=payload)


def tell_chunk_of_release(payload: dict[str, Any]) -> None:
    """Handler of `release.tell`: once a person, however many of its wishes were theirs."""
    release = Release.objects.get(pk=payload["release"])
    notify_many(
        users=fanout.part_of(_voters(wish__release=release), payload),
        kind="feedback.release",
        key=f"release:{release.pk}",
        words=Words(_("What you wished for is here: %(title)s"), params={"title": release.title}),
        url=f"/feedback/releases/#release-{release.pk}",
    )


def _voters(**where: Any) -> QuerySet[User]:
    return User.objects.filter(pk__in=WishVote.objects.filter(**where).values("user"), is_active=True)
