"""A page of a topic: its posts and what is shown beside them, for one reader. A fixed number of queries whatever the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from community.access import HELPING, Standing
from community.models import Block, Membership, Mute, Post, Topic
from community.reads.beside import beside_posts, unpack
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
    """The page that holds post `no`, its posts with `author_role` and what `beside.unpack` gives."""
    last = max(1, -(-topic.last_no // POSTS_PAGE))
    number = min(max(1, -(-no // POSTS_PAGE)), last)
    first_no = (number - 1) * POSTS_PAGE + 1
    place = {"topic": topic.pk, "first": first_no, "end": first_no + POSTS_PAGE, "also": topic.answered_no}
    rows = _posts(**place, space=topic.space_id, reader=user.pk)
    _dress(rows, topic)
    answer = next((post for post in rows if post.no == topic.answered_no), None)
    posts = [post for post in rows if first_no <= post.no < first_no + POSTS_PAGE]
    return TopicPage(topic=topic, posts=posts, number=number, last=last, answer=answer)


def dressed_post(post: Post, user: Any) -> Post:
    """One post as `topic_page` gives it."""
    place = {"topic": post.topic_id, "first": post.no, "end": post.no + 1, "also": None}
    [found] = _posts(**place, space=post.topic.space_id, reader=user.pk)
    _dress([found], post.topic)
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
    """Posts of a `topic` from number `first` to before `end`, and number `also`, each with `author_role` in the `space`,
    whether the `reader` muted or blocked its author, and as JSON: `marks` (kinds of reactions, counted, and the `reader`'s
    own), `files`, `named`, `answered`, `answers`.
    """
    wanted = Q(no__gte=Given("first"), no__lt=Given("end")) | Q(no=Given("also"))
    place = Membership.objects.filter(space=Given("space"), user=OuterRef("author"), ended_at=None, role__in=HELPING)
    rows = Post.objects.filter(wanted, topic=Given("topic")).select_related("author__profile__portrait").order_by("no")
    apart = {"user": Given("reader"), "person": OuterRef("author")}
    muted = Q(Exists(Mute.objects.filter(**apart))) | Q(Exists(Block.objects.filter(**apart)))
    is_muted = ExpressionWrapper(muted, output_field=BooleanField())
    return rows.annotate(author_role=Coalesce(Subquery(place.values("role")), Value("")), is_muted=is_muted, **beside_posts())


def _dress(posts: list[Post], topic: Topic) -> None:
    for post in posts:
        post.topic = topic
        unpack(post)
    _add_faces(posts)


def _add_faces(posts: list[Post]) -> None:
    """Each post with `face`, the address of its author's portrait or '', and `handle` where the author is public."""
    profiles = {post.pk: getattr(post.author, "profile", None) for post in posts}
    urls = picture_urls((profile.portrait for profile in profiles.values() if profile), THUMB)
    for post in posts:
        profile = profiles[post.pk]
        post.face = urls.get(profile.portrait_id or 0, "") if profile else ""  # type: ignore[attr-defined]
        post.handle = profile.handle if profile and profile.is_public else ""  # type: ignore[attr-defined]
