"""Topics that are tied to a thing of another room, such as the questions below a lesson."""

from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONArray

from accounts.roles import oversees
from community.access import HELPING
from community.markup import addresses, shown
from community.models import Membership, Post, Space, Topic
from community.reads.beside import files_and_names, unpack_words
from kit.prepared import Given, GivenAll, prepared

MOST_ABOUT = 10


def topics_about(reference: str, user: Any, limit: int = MOST_ABOUT, lesson: str = "") -> list[Topic]:
    """Topics tied to a thing (`lesson:12`) in spaces the person may read, newest first, each with `first` and `answer`.

    `first` is its first post, `answer` the accepted one, else the team's first reply, else None; each with `shown`, its
    HTML, where "2:14" leads to that second of the `lesson` (an address).
    """
    topics = _topics_about(reference=reference, reader=user.pk, everywhere=oversees(user))[:limit]
    wanted = [pk for topic in topics for pk in topic.ends if pk]  # type: ignore[attr-defined]
    posts = {post.pk: post for post in _ends(ids=wanted)} if wanted else {}
    spaces = {topic.pk: topic.space.slug for topic in topics}
    for post in posts.values():
        unpack_words(post)
        beside = {"files": post.files, "people": addresses(post.people)}  # type: ignore[attr-defined]
        post.shown = shown(post.html, space=spaces[post.topic_id], lesson=lesson, **beside)  # type: ignore[attr-defined]
    for topic in topics:
        first, accepted, of_team = topic.ends  # type: ignore[attr-defined]
        topic.first = posts.get(first)  # type: ignore[attr-defined]
        topic.answer = posts.get(accepted) or posts.get(of_team)  # type: ignore[attr-defined]
    return topics


@prepared
def _topics_about() -> QuerySet[Topic]:
    """With `ends`: the ids of the first post, the accepted answer and the team's first reply, or None. They are looked
    up once a topic: asked for every post of a topic, the last one made long topics slow.
    """
    mine = Membership.objects.filter(space=OuterRef("space"), user=Given("reader"), ended_at=None)
    readable = Q(space__visibility=Space.Visibility.PUBLIC) | Exists(mine) | Q(Given("everywhere", BooleanField()))
    rows = Topic.objects.filter(readable, about=Given("reference"), removed_at=None)
    own = Post.objects.filter(topic=OuterRef("pk"), removed_at=None)
    of_team = replies_of_team().filter(topic=OuterRef("pk")).order_by("no")
    ends = JSONArray(
        *(Subquery(end.values("pk")[:1]) for end in (own.filter(no=1), own.filter(no=OuterRef("accepted_no")), of_team))
    )
    return rows.annotate(ends=ends).select_related("space", "author").order_by("-created_at", "-pk")[:MOST_ABOUT]


@prepared
def _ends() -> QuerySet[Post]:
    return Post.objects.filter(pk__in=GivenAll("ids")).select_related("author").annotate(**files_and_names())


def replies_of_team() -> QuerySet[Post]:
    """Replies by those who run or help in the topic's space."""
    helping = Membership.objects.filter(space=OuterRef("topic__space"), user=OuterRef("author"), role__in=HELPING, ended_at=None)
    return Post.objects.filter(Exists(helping), no__gt=1, removed_at=None)
