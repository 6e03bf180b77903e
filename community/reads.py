"""Boards, topics and their unread marks, for one reader. A fixed number of queries whatever the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from community.access import HELPING, Standing, readable_spaces, standing_in
from community.models import Membership, Post, Reaction, ReadMark, Report, Space, Topic
from kit.clock import now
from kit.pictures import THUMB, picture_urls
from kit.text import strip_controls

BOARD_PAGE = 50
POSTS_PAGE = 20
_ORDER = [Membership.Role.OWNER, Membership.Role.MODERATOR, Membership.Role.HELPER]


@dataclass
class BoardPage:
    """Topics of a board, newest activity first; `older` is the cursor of what follows, or ''."""

    topics: list[Topic]
    pinned: list[Topic] = field(default_factory=list)
    older: str = ""


@dataclass
class TopicPage:
    """One page of numbered posts: 1–20, 21–40, …; `answer` is the accepted post wherever it stands."""

    topic: Topic
    posts: list[Post]
    number: int
    last: int
    answer: Post | None


def unread_since(membership: Membership | None) -> datetime:
    """Nothing older counts as unread: 60 days, joining, or the last "mark all as read", whichever is latest."""
    cutoff = now() - timedelta(days=settings.UNREAD_DAYS)
    return max(cutoff, membership.read_at or membership.joined_at) if membership else now()


def with_marks(topics: QuerySet[Topic], user: Any) -> QuerySet[Topic]:
    """Each topic with `read_no`: the last number the person has read, 0 without a mark."""
    if not user.is_authenticated:
        return topics.annotate(read_no=F("last_no"))
    marks = ReadMark.objects.filter(user=user, topic=OuterRef("pk")).values("last_read_no")
    return topics.annotate(read_no=Coalesce(Subquery(marks), Value(0), output_field=IntegerField()))


def board(
    space: Space, user: Any, *, before: str = "", kind: str = "", limit: int = BOARD_PAGE, standing: Standing | None = None
) -> BoardPage:
    """A page of a board by keyset (last post, id), without a count. Pinned topics stand on the first page only."""
    standing = standing or standing_in(user, space)
    since = unread_since(standing.membership if standing else None)
    topics = with_marks(Topic.objects.filter(space=space, removed_at=None), user).select_related("author")
    last = Post.objects.filter(topic=OuterRef("pk"), no=OuterRef("last_no")).values("author__name")
    topics = topics.annotate(last_author=Subquery(last))
    if kind in Topic.Kind.values:
        topics = topics.filter(kind=kind)
    pinned = [] if before else list(topics.filter(is_pinned=True).order_by("-last_post_at", "-pk")[:10])
    rest = topics.filter(is_pinned=False).order_by("-last_post_at", "-pk")
    if cursor := _read_cursor(before):
        moment, pk = cursor
        rest = rest.filter(Q(last_post_at__lt=moment) | Q(last_post_at=moment, pk__lt=pk), last_post_at__lte=moment)
    found = list(rest[: limit + 1])
    page = BoardPage(topics=found[:limit], pinned=pinned, older=_cursor(found[limit - 1]) if len(found) > limit else "")
    for topic in [*page.pinned, *page.topics]:
        topic.space = space
        topic.last_author = strip_controls(topic.last_author or "")  # type: ignore[attr-defined]
        topic.unread = max(0, topic.last_no - topic.read_no) if topic.last_post_at > since else 0  # type: ignore[attr-defined]
    return page


def topic_page(topic: Topic, *, no: int, standing: Standing, user: Any) -> TopicPage:
    """The page that holds post `no`, its posts with `thanks`, `thanked`, `author_role`; removed ones without their text."""
    last = max(1, -(-topic.last_no // POSTS_PAGE))
    number = min(max(1, -(-no // POSTS_PAGE)), last)
    first_no = (number - 1) * POSTS_PAGE + 1
    wanted = Q(no__gte=first_no, no__lt=first_no + POSTS_PAGE)
    if topic.accepted_no:
        wanted |= Q(no=topic.accepted_no)
    rows = list(_dressed(Post.objects.filter(wanted, topic=topic), topic.space, user).order_by("no"))
    for post in rows:
        post.topic = topic
    _add_faces(rows)
    answer = next((post for post in rows if post.no == topic.accepted_no), None)
    posts = [post for post in rows if first_no <= post.no < first_no + POSTS_PAGE]
    return TopicPage(topic=topic, posts=posts, number=number, last=last, answer=answer)


def dressed_post(post: Post, user: Any) -> Post:
    """One post as `topic_page` gives it."""
    found = _dressed(Post.objects.filter(pk=post.pk), post.topic.space, user).get()
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


def space_people(space: Space, limit: int = 6) -> list[Membership]:
    """Who runs and helps in a space, owners first."""
    live = Membership.objects.filter(space=space, ended_at=None, role__in=HELPING, user__is_active=True)
    return sorted(live.select_related("user__profile")[: 4 * limit], key=lambda place: _ORDER.index(place.role))[:limit]


def topics_about(reference: str, user: Any, limit: int = 10) -> list[Topic]:
    """Topics tied to a thing (`lesson:12`) in spaces the person may read, newest first, each with `first` and `answer`.

    `first` is its first post, `answer` the accepted one or None.
    """
    live = Topic.objects.filter(about=reference, removed_at=None, space__in=readable_spaces(user))
    topics = list(live.select_related("space", "author").order_by("-created_at", "-pk")[:limit])
    wanted = Q(no=1) | Q(no=F("topic__accepted_no"))
    posts = Post.objects.filter(wanted, topic__in=topics, removed_at=None).select_related("author")
    by_place = {(post.topic_id, post.no): post for post in posts}
    for topic in topics:
        topic.first = by_place.get((topic.pk, 1))  # type: ignore[attr-defined]
        topic.answer = by_place.get((topic.pk, topic.accepted_no or 0))  # type: ignore[attr-defined]
    return topics


def spaces_of(user: Any) -> list[Space]:
    """The person's spaces with `unread` (topics) and `members`, those with news first."""
    cutoff = now() - timedelta(days=settings.UNREAD_DAYS)
    mine = Membership.objects.filter(user=user, ended_at=None).select_related("space")
    spaces = {membership.space_id: membership.space for membership in mine}
    since = Greatest(Value(cutoff), Coalesce("space__memberships__read_at", "space__memberships__joined_at"))
    marks = ReadMark.objects.filter(user=user, topic=OuterRef("pk"), last_read_no__gte=OuterRef("last_no"))
    news = Topic.objects.filter(
        ~Exists(marks),
        space__memberships__user=user,
        space__memberships__ended_at=None,
        removed_at=None,
        last_post_at__gt=since,
    )
    unread = dict(news.values_list("space_id").annotate(n=Count("pk")).order_by())
    for space in spaces.values():
        space.unread = unread.get(space.pk, 0)  # type: ignore[attr-defined]
    add_member_counts(spaces.values())
    return sorted(spaces.values(), key=lambda space: (space.archived_at is not None, -space.unread, space.name))  # type: ignore[attr-defined]


def public_spaces(besides: Iterable[Space] = (), limit: int = 30) -> list[Space]:
    """Public spaces that are not among `besides`, newest first, with `members`."""
    known = [space.pk for space in besides]
    found = (
        Space.objects.filter(visibility=Space.Visibility.PUBLIC, archived_at=None)
        .exclude(pk__in=known)
        .order_by("-created_at", "-pk")
    )
    spaces = list(found[:limit])
    add_member_counts(spaces)
    return spaces


def add_member_counts(spaces: Iterable[Space]) -> None:
    """Each space with `members`, the number of live places."""
    known = list(spaces)
    live = Membership.objects.filter(space__in=known, ended_at=None)
    counts = dict(live.values_list("space_id").annotate(n=Count("pk")).order_by())
    for space in known:
        space.members = counts.get(space.pk, 0)  # type: ignore[attr-defined]


def reported_posts(space: Space, limit: int = 50) -> list[Post]:
    """Posts of a space with open flags, the longest waiting first, each with `flags`."""
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
    return list(posts.values())[:limit]


def _dressed(posts: QuerySet[Post], space: Space, user: Any) -> QuerySet[Post]:
    """Posts with `thanks`, `thanked` and `author_role` in this space, all in one query."""
    thanks = Reaction.objects.filter(post=OuterRef("pk")).order_by().values("post").annotate(n=Count("pk")).values("n")
    mine = Reaction.objects.filter(post=OuterRef("pk"), user=user) if user.is_authenticated else Reaction.objects.none()
    role = Membership.objects.filter(space=space, user=OuterRef("author"), ended_at=None, role__in=HELPING).values("role")
    return posts.select_related("author__profile__portrait").annotate(
        thanks=Coalesce(Subquery(thanks), Value(0)), thanked=Exists(mine), author_role=Coalesce(Subquery(role), Value(""))
    )


def _add_faces(posts: list[Post]) -> None:
    """Each post with `face`, the address of its author's portrait or '', and `handle` where the author is public."""
    profiles = {post.pk: getattr(post.author, "profile", None) for post in posts}
    urls = picture_urls((profile.portrait for profile in profiles.values() if profile), THUMB)
    for post in posts:
        profile = profiles[post.pk]
        post.face = urls.get(profile.portrait_id or 0, "") if profile else ""  # type: ignore[attr-defined]
        post.handle = profile.handle if profile and profile.is_public else ""  # type: ignore[attr-defined]


def _cursor(topic: Topic) -> str:
    return f"{topic.last_post_at.timestamp():.6f}-{topic.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    """(moment, id) of a cursor; None for none or one that somebody made up."""
    moment, _dash, pk = text.partition("-")
    try:
        return datetime.fromtimestamp(float(moment), tz=now().tzinfo), int(pk)
    except (ValueError, OverflowError, OSError):
        return None
