"""A page of a topic: its posts and what is shown beside them, for one reader. A fixed number of queries whatever the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from community.access import HELPING, Standing
from community.models import Membership, Post, Reaction, Topic
from kit.pictures import THUMB, picture_urls
from kit.prepared import Given, prepared

POSTS_PAGE = 20


@dataclass
class TopicPage:
    """One page of numbered posts: 1–20, 21–40, …; `answer` is the accepted post wherever it stands."""

    topic: Topic
    posts: list[Post]
    number: int
    last: int
    answer: Post | None


def topic_page(topic: Topic, *, no: int, standing: Standing, user: Any) -> TopicPage:
    """The page that holds post `no`, its posts with `thanks`, `thanked`, `author_role`; removed ones without their text."""
    last = max(1, -(-topic.last_no // POSTS_PAGE))
    number = min(max(1, -(-no // POSTS_PAGE)), last)
    first_no = (number - 1) * POSTS_PAGE + 1
    place = {"topic": topic.pk, "first": first_no, "end": first_no + POSTS_PAGE, "also": topic.accepted_no}
    rows = _posts(**place, space=topic.space_id, reader=user.pk)
    for post in rows:
        post.topic = topic
    _add_faces(rows)
    answer = next((post for post in rows if post.no == topic.accepted_no), None)
    posts = [post for post in rows if first_no <= post.no < first_no + POSTS_PAGE]
    return TopicPage(topic=topic, posts=posts, number=number, last=last, answer=answer)


def dressed_post(post: Post, user: Any) -> Post:
    """One post as `topic_page` gives it."""
    place = {"topic": post.topic_id, "first": post.no, "end": post.no + 1, "also": None}
    [found] = _posts(**place, space=post.topic.space_id, reader=user.pk)
    found.topic = post.topic
    _add_faces([found])
    return found


def post_path(topic: Topic, no: int) -> str:
    """Where post `no` stands: its page and its place on it."""
    page = -(-no // POSTS_PAGE)
    return f"{topic.path}{f'?page={page}' if page > 1 else ''}#post-{no}"


def may_accept(standing: Standing, topic: Topic, user: Any) -> bool:
    """Whether this person may say which reply is the answer."""
    mine = topic.author_id == user.pk or standing.role in HELPING or standing.may_moderate
    return topic.kind == Topic.Kind.QUESTION and standing.may_write and mine


@prepared
def _posts() -> QuerySet[Post]:
    """Posts of a `topic` from number `first` to before `end`, and number `also`, each with `thanks`, `thanked` (by the
    `reader`) and `author_role` in the `space`.
    """
    wanted = Q(no__gte=Given("first"), no__lt=Given("end")) | Q(no=Given("also"))
    thanks = Reaction.objects.filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk")).values("n")
    mine = Reaction.objects.filter(post=OuterRef("pk"), user=Given("reader"))
    place = Membership.objects.filter(space=Given("space"), user=OuterRef("author"), ended_at=None, role__in=HELPING)
    rows = Post.objects.filter(wanted, topic=Given("topic")).select_related("author__profile__portrait").order_by("no")
    return rows.annotate(
        thanks=Coalesce(Subquery(thanks), Value(0)),
        thanked=Exists(mine),
        author_role=Coalesce(Subquery(place.values("role")), Value("")),
    )


def _add_faces(posts: list[Post]) -> None:
    """Each post with `face`, the address of its author's portrait or '', and `handle` where the author is public."""
    profiles = {post.pk: getattr(post.author, "profile", None) for post in posts}
    urls = picture_urls((profile.portrait for profile in profiles.values() if profile), THUMB)
    for post in posts:
        profile = profiles[post.pk]
        post.face = urls.get(profile.portrait_id or 0, "") if profile else ""  # type: ignore[attr-defined]
        post.handle = profile.handle if profile and profile.is_public else ""  # type: ignore[attr-defined]
