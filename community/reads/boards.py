"""Boards and their unread marks, for one reader. A fixed number of queries whatever the rows."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet, Subquery

from community.access import Standing, read_no, standing_in
from community.models import Membership, Post, Space, Topic
from kit.clock import now
from kit.prepared import Given, GivenAll, prepared
from kit.text import strip_controls

BOARD_PAGE = 50
# The place before all topics of a board.
NEWEST = (datetime.max.replace(tzinfo=UTC), 2**63 - 1)


@dataclass
class BoardPage:
    """Topics of a board, newest activity first; `older` is the cursor of what follows, or ''."""

    topics: list[Topic]
    pinned: list[Topic] = field(default_factory=list)
    older: str = ""


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


def _cursor(topic: Topic) -> str:
    return f"{topic.last_post_at.timestamp():.6f}-{topic.pk}"


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    """(moment, id) of a cursor; None for none or one that somebody made up."""
    moment, _dash, pk = text.partition("-")
    try:
        return datetime.fromtimestamp(float(moment), tz=now().tzinfo), int(pk)
    except (ValueError, OverflowError, OSError):
        return None
