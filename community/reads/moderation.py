"""What moderators look at: what waits in a space and over all of theirs, with what belongs to it; the log; who helps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from community.access import MODERATING, Standing
from community.models import HeldPost, Membership, Post, Removal, Report, Space, TimeOut, Topic
from kit.clock import now
from kit.models import AuditEntry

MOST = 50


@dataclass(frozen=True)
class Record:
    """How somebody has written in a space: posts that stand, posts that were removed, time-outs, since when."""

    posts: int
    removed: int
    time_outs: int
    since: Any


@dataclass(frozen=True)
class Waiting:
    """What waits in one space for who moderates it."""

    space: Space
    held: int
    reported: int
    appeals: int

    @property
    def total(self) -> int:
        return self.held + self.reported + self.appeals


def reported_posts(space: Space, limit: int = MOST) -> list[Post]:
    """Posts of a space with open flags, the longest waiting first, each with `flags`, `record` of its author and `before`, the
    post that it follows. Four queries."""
    flags = list(
        Report.objects.filter(post__topic__space=space, state=Report.State.OPEN)
        .select_related("reporter", "post__author", "post__topic")
        .order_by("at", "pk")[: 5 * limit]
    )
    posts: dict[int, Post] = {}
    for flag in flags:
        post = posts.setdefault(flag.post_id, flag.post)
        post.topic.space = space
        post.flags = [*getattr(post, "flags", []), flag]  # type: ignore[attr-defined]
    found = list(posts.values())[:limit]
    _add_context(space, found)
    return found


def _add_context(space: Space, posts: Sequence[Post]) -> None:
    records = records_of(space, {post.author_id for post in posts})
    places = Q(pk__in=[])
    for post in posts:
        places |= Q(topic=post.topic_id, no=post.no - 1)
    earlier = {(row.topic_id, row.no): row for row in Post.objects.filter(places, removed_at=None).select_related("author")}
    for post in posts:
        post.record = records.get(post.author_id)  # type: ignore[attr-defined]
        post.before = earlier.get((post.topic_id, post.no - 1))  # type: ignore[attr-defined]


def records_of(space: Space, people: set[int]) -> dict[int, Record]:
    """Three queries, whatever the people."""
    posts = Post.objects.filter(author__in=people, topic__space=space).values("author")
    counts = {
        row["author"]: row for row in posts.annotate(all=Count("pk"), removed=Count("pk", filter=Q(removed_at__isnull=False)))
    }
    outs = TimeOut.objects.filter(space=space, user__in=people).values("user").annotate(all=Count("pk"))
    time_outs = {row["user"]: row["all"] for row in outs}
    places = Membership.objects.filter(space=space, user__in=people).order_by("-joined_at")
    since = dict(places.values_list("user", "joined_at"))
    none = {"all": 0, "removed": 0}
    return {
        person: Record(row["all"] - row["removed"], row["removed"], time_outs.get(person, 0), since.get(person))
        for person in people
        for row in [counts.get(person, none)]
    }


def held_in(space: Space) -> list[HeldPost]:
    """Posts that wait, the oldest first, each with `record` of its author. Four queries."""
    rows = list(
        HeldPost.objects.filter(space=space, state=HeldPost.State.WAITING)
        .select_related("author", "topic")
        .order_by("at", "pk")[:MOST]
    )
    records = records_of(space, {row.author_id for row in rows})
    for row in rows:
        row.record = records.get(row.author_id)  # type: ignore[attr-defined]
        if row.topic is not None:
            row.topic.space = space
    return rows


def waiting_of(standing: Standing, topic: Topic | None) -> list[HeldPost]:
    """A member's own posts that wait, in this topic or (None) that would open one. One query, none for a visitor."""
    if standing.reader is None or standing.may_moderate:
        return []
    rows = HeldPost.objects.filter(space=standing.space, author=standing.reader, state=HeldPost.State.WAITING, topic=topic)
    return list(rows.order_by("at"))


def appeals_in(space: Space) -> QuerySet[Removal]:
    """Appeals without a verdict, the oldest first."""
    rows = Removal.objects.filter(post__topic__space=space, appealed_at__isnull=False, verdict="")
    return rows.select_related("post__author", "post__topic__space", "by").order_by("appealed_at")[:MOST]


def removals_against(user: Any, space: Space) -> list[Removal]:
    """A member's own removed posts of the last 30 days, with what may be done about each."""
    rows = Removal.objects.filter(post__author=user, post__topic__space=space, post__removed_at__isnull=False)
    return list(rows.filter(at__gt=now() - timedelta(days=30)).select_related("post__topic").order_by("-at")[:MOST])


def time_outs_in(space: Space) -> QuerySet[TimeOut]:
    """Those that run."""
    return TimeOut.objects.filter(space=space, ended_at=None, until__gt=now()).select_related("user", "by").order_by("until")


def waiting_everywhere(user: Any, is_owner: bool) -> list[Waiting]:
    """What waits in every space that the person moderates, those with the most first. Four queries."""
    spaces = Space.objects.filter(archived_at=None)
    if not is_owner:
        mine = Membership.objects.filter(user=user, ended_at=None, role__in=MODERATING)
        spaces = Space.objects.filter(pk__in=mine.values("space"))
    held = _counted(HeldPost.objects.filter(state=HeldPost.State.WAITING, space__in=spaces), "space")
    reported = _counted(Report.objects.filter(state=Report.State.OPEN, post__topic__space__in=spaces), "post__topic__space")
    appeals = _counted(
        Removal.objects.filter(appealed_at__isnull=False, verdict="", post__topic__space__in=spaces), "post__topic__space"
    )
    found = [Waiting(space, held.get(space.pk, 0), reported.get(space.pk, 0), appeals.get(space.pk, 0)) for space in spaces]
    wanted = [row for row in found if row.total or not is_owner]
    return sorted(wanted, key=lambda row: (-row.total, row.space.name))


def _counted(rows: Any, place: str) -> dict[int, int]:
    return dict(rows.values_list(place).annotate(Count("pk")).values_list(place, "pk__count"))


def log_of(space: Space, limit: int = 100) -> list[AuditEntry]:
    """What those who moderate have done here, newest first, out of the trail that nobody can change."""
    text = CharField()
    topics = Topic.objects.filter(space=space).values_list(Concat(Value("topic:"), Cast("pk", text), output_field=text))
    posts = Post.objects.filter(Q(removals__isnull=False) | Q(reports__isnull=False), topic__space=space)
    named = posts.values_list(Concat(Value("post:"), Cast("pk", text), output_field=text))
    held = HeldPost.objects.filter(space=space).values_list(Concat(Value("held:"), Cast("pk", text), output_field=text))
    where = Q(target__in=topics) | Q(target__in=named) | Q(target__in=held) | Q(target=f"space:{space.pk}")
    where |= Q(action__startswith="member.time_out", after__space=space.pk)
    return list(AuditEntry.objects.filter(where).order_by("-pk")[:limit])


@dataclass(frozen=True)
class Helping:
    """How somebody helped in a space within a month: answers that were accepted, thanks and other kind reactions."""

    person: Any
    accepted: int
    thanks: int


def who_helps(space: Space, days: int = 30, limit: int = 20) -> list[Helping]:
    """The most accepted answers first. Three queries."""

    since = now() - timedelta(days=days)
    posts = Post.objects.filter(topic__space=space, removed_at=None, topic__removed_at=None)
    accepted = _counted(
        posts.filter(no=F("topic__accepted_no"), created_at__gt=since).exclude(author=F("topic__author")), "author"
    )
    thanked = _counted(posts.filter(reactions__at__gt=since).exclude(author=F("reactions__user")), "author")
    best = sorted({*accepted, *thanked}, key=lambda pk: (-accepted.get(pk, 0), -thanked.get(pk, 0), pk))[:limit]
    people = {user.pk: user for user in get_user_model().objects.filter(pk__in=best).select_related("profile")}
    return [Helping(people[pk], accepted.get(pk, 0), thanked.get(pk, 0)) for pk in best if pk in people]
