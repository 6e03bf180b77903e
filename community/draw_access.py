"""Who makes draws and runs them, and where a draw stands. Its record is public; its page is the space's."""

from typing import Any

from django.http import Http404

from accounts.roles import OWNER, has_role
from community import access
from community.models import Draw, Membership, Space
from kit.clock import now


def may_make_draw(user: Any, space: Space) -> bool:
    """The space's owners and the site's owner; nobody in an archived space."""
    standing = access.standing_in(user, space)
    if standing is None or space.archived_at is not None or not user.is_active:
        return False
    return standing.role == Membership.Role.OWNER or has_role(user, OWNER)


def draw_for(standing: access.Standing, pk: int) -> Draw:
    """A draw of this space; else Http404."""
    draw = Draw.objects.select_related("author").filter(space=standing.space, pk=pk).first()
    if draw is None:
        raise Http404("no such draw")
    draw.space = standing.space
    return draw


def state_of(draw: Draw) -> str:
    """announced | open | closed | drawn | cancelled. Closed: the time is over, the winners are still to be drawn."""
    if draw.cancelled_at is not None:
        return "cancelled"
    if draw.drawn_at is not None:
        return "drawn"
    if draw.frozen_at is not None or now() >= draw.closes_at:
        return "closed"
    return "open" if now() >= draw.opens_at else "announced"
