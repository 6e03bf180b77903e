"""The feedback board and the release notes, for one reader. A fixed number of queries whatever the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from community.models import Post, Release, Wish, WishVote

PAGE = 30
LIVING = ("open", "planned", "building")


@dataclass
class WishPage:
    """Wishes with `voted` (by the reader); `older` is the cursor of what follows, or ''."""

    wishes: list[Wish]
    older: str = ""


def shown_wishes(user: Any) -> QuerySet[Wish]:
    """Every wish whose topic stands, with its topic, author and whether the reader voted for it."""
    mine = WishVote.objects.filter(wish=OuterRef("pk"), user=user.pk)
    rows = Wish.objects.filter(topic__removed_at=None).select_related("topic__author", "topic__space")
    return rows.annotate(voted=Exists(mine))


def wish_board(user: Any, *, state: str = "", before: str = "", limit: int = PAGE) -> WishPage:
    """Most votes first, by keyset. Without a state: those that are neither done nor declined."""
    states = [state] if state in Wish.State.values else list(LIVING)
    rows = shown_wishes(user).filter(merged_into=None, state__in=states).order_by("-votes", "-pk")
    votes, _dash, pk = before.partition("-")
    if all(part.isdecimal() and len(part) < 10 for part in (votes, pk)):
        rows = rows.filter(Q(votes__lt=int(votes)) | Q(votes=int(votes), pk__lt=int(pk)))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return WishPage(found[:limit], f"{last.votes}-{last.pk}" if last else "")


def wish_for(user: Any, wish_id: int) -> Wish:
    """One wish with `text` (its first post's HTML); Http404 where it is missing or its topic was removed."""
    wish = shown_wishes(user).select_related("merged_into__topic", "release").filter(pk=wish_id).first()
    first = Post.objects.filter(topic=wish.topic_id, no=1, removed_at=None).first() if wish else None
    if wish is None or first is None:
        raise Http404("no such wish")
    wish.text = first.html  # type: ignore[attr-defined]
    return wish


def mergeable(wish: Wish) -> QuerySet[Wish]:
    """What a wish may be merged into: those that live, most votes first."""
    rows = Wish.objects.filter(merged_into=None, topic__removed_at=None, state__in=LIVING).exclude(pk=wish.pk)
    return rows.select_related("topic").order_by("-votes", "-pk")


def releases(*, before: int | None = None, limit: int = 20) -> tuple[list[Release], int | None]:
    """(notes, newest first, each with its wishes in `fulfilled`; id to continue before, or None)."""
    shown = Wish.objects.filter(topic__removed_at=None).select_related("topic").order_by("-pk")
    rows = Release.objects.order_by("-pk").prefetch_related(Prefetch("wishes", shown, to_attr="fulfilled"))
    found = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None
