"""The door of a space: who stands before it, and what it says. Asked after `access`, which decides who is inside."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from community import access, ways
from community.models import Application, Membership, Pass, Space
from kit.clock import now
from kit.text import fold

Way = Space.Way
# A stranger is told of these; of every other closed space nothing, as if it were not there.
SEEN = frozenset({Way.PUBLIC, Way.SITE, Way.GRADUATES, Way.ANSWERS, Way.CODE})
BY_ONESELF = frozenset({Way.PUBLIC, Way.SITE})
WITH_CREDENTIAL = frozenset({Way.GRADUATES, Way.COHORT})


@dataclass(frozen=True)
class Door:
    """A space seen from its door by one person. `given` is the source of the place that a credential gives, or ''."""

    space: Space
    standing: access.Standing | None
    invitation: Pass | None = None
    application: Application | None = None
    given: str = ""
    was_removed: bool = False
    is_known: bool = False  # the person is signed in

    @property
    def is_member(self) -> bool:
        return self.standing is not None and self.standing.membership is not None

    @property
    def is_shut(self) -> bool:
        """Nobody comes in by themselves: archived, or this person's place was ended by those who run the space."""
        return self.space.archived_at is not None or self.was_removed

    @property
    def way(self) -> str:
        """What the page asks for: join, invitation, credential, answers, code, shut; '' where nothing can be done."""
        if self.is_shut:
            return "shut"
        if self.invitation is not None:
            return "invitation"
        if self.space.way in BY_ONESELF:
            return "join"
        if self.space.way in WITH_CREDENTIAL:
            return "join" if self.given else "credential"
        return {Way.ANSWERS: "answers", Way.CODE: "code"}.get(Way(self.space.way), "")


def door_for(user: Any, slug: str, secret: str = "") -> Door:
    """The door of the space with this slug. Http404 where it is missing, and where neither the space's way in, a place, a
    credential nor an invitation (`secret` of its link) shows it to this person."""
    space = Space.objects.filter(slug=slug).first()
    if space is None:
        raise Http404("no such space")
    standing = access.standing_in(user, space)
    invitation = None if standing and standing.membership else invitation_for(space, secret)
    given = "" if standing and standing.membership else ways.place_given(user, space)
    is_seen = space.way in SEEN and space.archived_at is None
    if standing is None and invitation is None and not given and not is_seen:
        raise Http404("no such space")
    return Door(
        space=space,
        standing=standing,
        invitation=invitation,
        application=_open_application(user, space),
        given=given,
        was_removed=was_removed(user, space),
        is_known=bool(user.is_authenticated),
    )


def invitation_for(space: Space, secret: str) -> Pass | None:
    """The live invitation behind a link's secret, or None."""
    links = (Pass.Kind.LINK, Pass.Kind.EMAIL)
    found = Pass.objects.filter(space=space, secret=secret, kind__in=links).first() if secret else None
    return found if found and is_live(found) else None


def is_live(one: Pass) -> bool:
    """Whether it lets in somebody now: not ended, not expired, not used up."""
    fresh = one.ended_at is None and (one.expires_at is None or one.expires_at > now())
    return fresh and (one.max_uses is None or one.used < one.max_uses)


def folded_code(code: str) -> str:
    """A code as it is compared: width, case, blanks and dashes do not matter."""
    return "".join(letter for letter in fold(code) if letter.isalnum())


def was_removed(user: Any, space: Space) -> bool:
    """Whether those who run the space ended this person's last place there."""
    if not user.is_authenticated:
        return False
    last = Membership.objects.filter(space=space, user=user).order_by("-pk").values_list("ended_at", "is_removed").first()
    return last is not None and last[0] is not None and last[1]


def _open_application(user: Any, space: Space) -> Application | None:
    """The last one of this person; what came of it is said at the door."""
    if not user.is_authenticated or space.way != Way.ANSWERS:
        return None
    return Application.objects.filter(user=user, space=space).order_by("-pk").first()
