"""Who may read, write and moderate where. A space that is missing and one that is closed to you are the same 404."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from accounts.roles import oversees
from community.begun import begun_replies
from community.models import Attachment, Membership, Post, ReadMark, Space, Topic, Watch
from kit.prepared import Given, prepared

MODERATING = frozenset({Membership.Role.MODERATOR, Membership.Role.OWNER})
HELPING = frozenset({Membership.Role.HELPER, *MODERATING})
# Places that something outside of the space gives and takes: a seat, teaching the course, being on its team.
GIVEN_FROM_OUTSIDE = ("enrolment:", "course:", "team:")


@dataclass(frozen=True)
class Standing:
    """What one person may do in one space they can read; made by `standing_in`, asked by flows and pages."""

    space: Space
    membership: Membership | None
    is_site_owner: bool
    viewer: int | None = None

    @property
    def role(self) -> str:
        return self.membership.role if self.membership else ""

    @property
    def reader(self) -> int | None:
        """The member's id; marks of what was read are kept for members."""
        return self.membership.user_id if self.membership else None

    @property
    def may_moderate(self) -> bool:
        """Moderators and owners of this very space; the site's owner everywhere."""
        return self.is_site_owner or self.role in MODERATING

    @property
    def may_govern(self) -> bool:
        """Owners of this very space, and the site's: its settings, roles, ways in and calendar."""
        return self.is_site_owner or self.role == Membership.Role.OWNER

    @property
    def must_accept(self) -> bool:
        """The rules are newer than what this member accepted. Who owns the space made them."""
        if self.membership is None or self.may_govern or not self.space.rules:
            return False
        return self.membership.rules_version < self.space.rules_version

    @property
    def may_write(self) -> bool:
        """Members who accepted the rules, unless they only read or the space is archived."""
        if self.space.archived_at is not None or self.must_accept:
            return False
        return self.is_site_owner or self.role not in ("", Membership.Role.READER)

    @property
    def may_join(self) -> bool:
        """Who reads and has no place yet may ask for one at the door, which decides (community.door)."""
        return self.membership is None and self.space.visibility == Space.Visibility.PUBLIC and self.space.archived_at is None

    @property
    def may_see_members(self) -> bool:
        """Members see each other unless the space hides its list; who moderates sees it always."""
        return self.may_moderate or (self.membership is not None and not self.space.list_hidden)

    @property
    def may_leave(self) -> bool:
        """One gives up only a place that one took oneself, and no owner leaves a space without one."""
        own = self.membership is not None and not self.membership.source.startswith(GIVEN_FROM_OUTSIDE)
        return own and self.role != Membership.Role.OWNER and self.space.way != Space.Way.COHORT


def standing_in(user: Any, space: Space) -> Standing | None:
    """The person's standing, or None where they may not even read. One query, two for staff."""
    membership = membership_in(user, space)
    is_site_owner = oversees(user)
    if membership is None and not is_site_owner and space.visibility != Space.Visibility.PUBLIC:
        return None
    return Standing(space, membership, is_site_owner, user.pk)


def standing_for(user: Any, slug: str) -> Standing:
    """The standing in the space with this slug; Http404 where it is missing or closed to the person."""
    found = _spaces(slug=slug)
    standing = standing_in(user, found[0]) if found else None
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
    return next(iter(_memberships(space=space.pk, user=user.pk)), None)


@prepared
def _spaces() -> QuerySet[Space]:
    return Space.objects.filter(slug=Given("slug"))


@prepared
def _memberships() -> QuerySet[Membership]:
    return Membership.objects.filter(space=Given("space"), user=Given("user"), ended_at=None).order_by("pk")


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
    if oversees(user):
        return Space.objects.all()
    mine = Membership.objects.filter(user=user, ended_at=None).values("space")
    return public | Space.objects.filter(pk__in=mine)


def topic_for(standing: Standing, topic_id: int) -> Topic:
    """A topic of this space that was not removed, with `read_no`: the last number that this member has read, or 0, and
    `is_watched`: whether the person follows it.

    Http404 for a missing one and one of another space alike.
    """
    found = _topics(topic=topic_id, space=standing.space.pk, reader=standing.reader, viewer=standing.viewer)
    if not found:
        raise Http404("no such topic")
    found[0].space = standing.space
    return found[0]


@prepared
def _topics() -> QuerySet[Topic]:
    rows = Topic.objects.filter(pk=Given("topic"), space=Given("space"), removed_at=None)
    watches = Watch.objects.filter(topic=OuterRef("pk"), user=Given("viewer"))
    return rows.select_related("author").annotate(read_no=read_no(), is_watched=Exists(watches), **begun_replies())


def read_no() -> Coalesce:
    """Expression over topics, for prepared reads: the last number that the given `reader` has read, 0 without a mark."""
    marks = ReadMark.objects.filter(user=Given("reader"), topic=OuterRef("pk")).values("last_read_no")
    return Coalesce(Subquery(marks), Value(0), output_field=IntegerField())


def post_for(standing: Standing, topic_id: int, no: int) -> Post:
    """A post by its number within a topic of this space; removed ones only for moderators; else Http404."""
    posts = Post.objects.select_related("topic", "author").filter(topic_id=topic_id, topic__space=standing.space, no=no)
    post = posts.filter(topic__removed_at=None).first()
    if post is None or (post.removed_at is not None and not standing.may_moderate):
        raise Http404("no such post")
    post.topic.space = standing.space
    return post


def place_for(standing: Standing, user: Any, place: str) -> str:
    """Where one may write: `space:5` a new topic here, `topic:12` a reply, `post:99` an own post to edit; else Http404."""
    kind, _colon, ident = place.partition(":")
    number = int(ident) if ident.isascii() and ident.isdecimal() and len(ident) < 19 else 0
    if kind == "topic":
        topic_for(standing, number)
    elif kind == "post":
        own = Post.objects.filter(pk=number, author=user, topic__space=standing.space, removed_at=None)
        if not own.filter(topic__removed_at=None).exists():
            raise Http404("no such post")
    elif kind != "space" or number != standing.space.pk:
        raise Http404("no such place")
    return f"{kind}:{number}"


def file_for(standing: Standing, user: Any, file_id: int) -> Attachment:
    """A file of a post that the person may read here, or an own one not yet sent; else Http404."""
    file = Attachment.objects.select_related("post").filter(pk=file_id).first()
    if file is None:
        raise Http404("no such file")
    if file.post is not None:
        post_for(standing, file.post.topic_id, file.post.no)
    elif file.owner_id != user.pk:
        raise Http404("not yours")
    return file
