"""Who may read, write and moderate where. A space that is missing and one that is closed to you are the same 404."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts.roles import OWNER, has_role
from community.models import Membership, Post, Space, Topic

MODERATING = frozenset({Membership.Role.MODERATOR, Membership.Role.OWNER})
HELPING = frozenset({Membership.Role.HELPER, *MODERATING})


@dataclass(frozen=True)
class Standing:
    """What one person may do in one space they can read; made by `standing_in`, asked by flows and pages."""

    space: Space
    membership: Membership | None
    is_site_owner: bool

    @property
    def role(self) -> str:
        return self.membership.role if self.membership else ""

    @property
    def may_moderate(self) -> bool:
        """Moderators and owners of this very space; the site's owner everywhere."""
        return self.is_site_owner or self.role in MODERATING

    @property
    def may_write(self) -> bool:
        """Members, unless they only read or the space is archived."""
        if self.space.archived_at is not None:
            return False
        return self.is_site_owner or self.role not in ("", Membership.Role.READER)

    @property
    def may_join(self) -> bool:
        """A public space is joined by oneself; every other by what gives the place (a seat, a moderator)."""
        return self.membership is None and self.space.visibility == Space.Visibility.PUBLIC and self.space.archived_at is None

    @property
    def may_leave(self) -> bool:
        """One gives up only a place that one took oneself."""
        return self.membership is not None and not self.membership.source and self.space.visibility == Space.Visibility.PUBLIC


def standing_in(user: Any, space: Space) -> Standing | None:
    """The person's standing, or None where they may not even read. One query, two for a person without a place."""
    membership = membership_in(user, space)
    is_site_owner = membership is None and has_role(user, OWNER)
    if membership is None and not is_site_owner and space.visibility != Space.Visibility.PUBLIC:
        return None
    return Standing(space, membership, is_site_owner)


def standing_for(user: Any, slug: str) -> Standing:
    """The standing in the space with this slug; Http404 where it is missing or closed to the person."""
    space = Space.objects.filter(slug=slug).first()
    standing = standing_in(user, space) if space else None
    if standing is None:
        raise Http404("no such space")
    return standing


def space_for(user: Any, slug: str) -> Space:
    """The space with this slug if the person may read it; else Http404."""
    return standing_for(user, slug).space


def membership_in(user: Any, space: Space) -> Membership | None:
    """The person's live membership, or None."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(space=space, user=user, ended_at=None).first()


def may_read(user: Any, space: Space) -> bool:
    return standing_in(user, space) is not None


def may_write(user: Any, space: Space) -> bool:
    standing = standing_in(user, space)
    return standing is not None and standing.may_write


def may_moderate(user: Any, space: Space) -> bool:
    standing = standing_in(user, space)
    return standing is not None and standing.may_moderate


def readable_spaces(user: Any) -> QuerySet[Space]:
    """Every space the person may read now: their own, the public ones; all of them for the site's owner."""
    public = Space.objects.filter(visibility=Space.Visibility.PUBLIC)
    if not user.is_authenticated:
        return public
    if user.is_staff and has_role(user, OWNER):  # the owner's role is staff: nobody else's roles need reading
        return Space.objects.all()
    mine = Membership.objects.filter(user=user, ended_at=None).values("space")
    return public | Space.objects.filter(pk__in=mine)


def topic_for(standing: Standing, topic_id: int, topics: QuerySet[Topic] | None = None) -> Topic:
    """A topic of this space that was not removed; else Http404 (also for a topic of another space).

    `topics` may bring annotations of its own.
    """
    rows = Topic.objects.all() if topics is None else topics
    topic = rows.select_related("author").filter(pk=topic_id, space=standing.space, removed_at=None).first()
    if topic is None:
        raise Http404("no such topic")
    topic.space = standing.space
    return topic


def post_for(standing: Standing, topic_id: int, no: int) -> Post:
    """A post by its number within a topic of this space; removed ones only for moderators; else Http404."""
    posts = Post.objects.select_related("topic", "author").filter(topic_id=topic_id, topic__space=standing.space, no=no)
    post = posts.filter(topic__removed_at=None).first()
    if post is None or (post.removed_at is not None and not standing.may_moderate):
        raise Http404("no such post")
    post.topic.space = standing.space
    return post
