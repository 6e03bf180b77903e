"""Boards, topics and their unread marks, for one reader. A fixed number of queries whatever the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, JSONArray

from accounts.roles import oversees
from community.access import HELPING, Standing, read_no, standing_in
from community.models import Membership, Post, Reaction, ReadMark, Report, Space, Topic
from kit.clock import now
from kit.pictures import THUMB, picture_urls
from kit.prepared import Given, GivenAll, prepared
from kit.text import strip_controls

BOARD_PAGE = 50
POSTS_PAGE = 20
MOST_ABOUT = 10
MOST_HELPING = 24
# The place before all topics of a board.
NEWEST = (datetime.max.replace(tzinfo=UTC), 2**63 - 1)
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


def board(
    space: Space, user: Any, *, before: str = "", kind: str = "", limit: int = BOARD_PAGE, standing: Standing | None = None
) -> BoardPage:
    """A page of a board by keyset (last post, id), without a count. Pinned topics stand on the first page only."""
    standing = standing or standing_in(user, space)
    since = unread_since(standing.membership if standing else None)
    moment, pk = _read_cursor(before) or NEWEST
    kinds = [kind] if kind in Topic.Kind.values else Topic.Kind.values
    wanted = {"space": space.pk, "reader": standing.reader if standing else None, "kinds": kinds}
    pinned = [] if before else _pinned(**wanted)
    found = _unpinned(**wanted, moment=moment, pk=pk)[: limit + 1]
    page = BoardPage(topics=found[:limit], pinned=pinned, older=_cursor(found[limit - 1]) if len(found) > limit else "")
    for topic in [*page.pinned, *page.topics]:
        topic.space = space
        topic.last_author = strip_controls(topic.last_author or "")  # type: ignore[attr-defined]
        topic.unread = max(0, topic.last_no - topic.read_no) if topic.last_post_at > since else 0  # type: ignore[attr-defined]
    return page


def _rows() -> QuerySet[Topic]:
    """What a board shows of topics: takes `space`, `kinds` and `reader`."""
    last = Post.objects.filter(topic=OuterRef("pk"), no=OuterRef("last_no")).values("author__name")
    rows = Topic.objects.filter(space=Given("space"), removed_at=None, kind__in=GivenAll("kinds", "varchar"))
    rows = rows.select_related("author").only(*(field.name for field in Topic._meta.fields), "author__name", "author__is_active")
    return rows.annotate(last_author=Subquery(last), read_no=read_no()).order_by("-last_post_at", "-pk")


@prepared
def _pinned() -> QuerySet[Topic]:
    return _rows().filter(is_pinned=True)[:10]


@prepared
def _unpinned() -> QuerySet[Topic]:
    """Those before a place (`moment`, `pk`) in the order, one more than a page."""
    earlier = Q(last_post_at__lt=Given("moment")) | Q(last_post_at=Given("moment"), pk__lt=Given("pk"))
    return _rows().filter(earlier, is_pinned=False, last_post_at__lte=Given("moment"))[: BOARD_PAGE + 1]


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


def space_people(space: Space, limit: int = 6) -> list[Membership]:
    """Who runs and helps in a space, owners first."""
    return sorted(_helping(space=space.pk), key=lambda place: _ORDER.index(place.role))[:limit]


@prepared
def _helping() -> QuerySet[Membership]:
    live = Membership.objects.filter(space=Given("space"), ended_at=None, role__in=HELPING, user__is_active=True)
    return live.select_related("user__profile")[:MOST_HELPING]


def topics_about(reference: str, user: Any, limit: int = MOST_ABOUT) -> list[Topic]:
    """Topics tied to a thing (`lesson:12`) in spaces the person may read, newest first, each with `first` and `answer`.

    `first` is its first post, `answer` the accepted one, else the team's first reply, else None.
    """
    topics = _topics_about(reference=reference, reader=user.pk, everywhere=oversees(user))[:limit]
    wanted = [pk for topic in topics for pk in topic.ends if pk]  # type: ignore[attr-defined]
    posts = {post.pk: post for post in _ends(ids=wanted)} if wanted else {}
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
    return Post.objects.filter(pk__in=GivenAll("ids")).select_related("author")


def replies_of_team() -> QuerySet[Post]:
    """Replies by those who run or help in the topic's space."""
    helping = Membership.objects.filter(space=OuterRef("topic__space"), user=OuterRef("author"), role__in=HELPING, ended_at=None)
    return Post.objects.filter(Exists(helping), no__gt=1, removed_at=None)


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


def _cursor(topic: Topic) -> str:
    return f"{topic.last_post_at.timestamp():.6f}-{topic.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    """(moment, id) of a cursor; None for none or one that somebody made up."""
    moment, _dash, pk = text.partition("-")
    try:
        return datetime.fromtimestamp(float(moment), tz=now().tzinfo), int(pk)
    except (ValueError, OverflowError, OSError):
        return None
