"""Who may see an event, make one, run it, and stand at its door. A missing event and a closed one are the same 404."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.roles import INSTRUCTOR, OWNER, has_role
from community import access
from community.models import Event, Membership, Space, Ticket

LIVE = Ticket.State.LIVE
AT_THE_DOOR = access.HELPING


def may_make(user: Any, space: Space | None = None) -> bool:
    """Public ones: teachers and the site's owner. In a space: its owners, teachers who write there, the site's owner."""
    if not user.is_authenticated or not user.is_active:
        return False
    if has_role(user, OWNER):
        return space is None or space.archived_at is None
    if space is None:
        return has_role(user, INSTRUCTOR)
    standing = access.standing_in(user, space)
    if standing is None or not standing.may_write:
        return False
    return standing.role == Membership.Role.OWNER or (standing.membership is not None and has_role(user, INSTRUCTOR))


def spaces_to_meet_in(user: Any) -> QuerySet[Space]:
    """The spaces in which this person may make an event."""
    open_ones = Space.objects.filter(archived_at=None).order_by("name", "pk")
    if has_role(user, OWNER):
        return open_ones
    roles = list(Membership.Role.values) if has_role(user, INSTRUCTOR) else [Membership.Role.OWNER]
    mine = Membership.objects.filter(user=user, ended_at=None, role__in=set(roles) - {Membership.Role.READER})
    return open_ones.filter(pk__in=mine.values("space"))


def may_run(user: Any, event: Event) -> bool:
    """Change, cancel, report, see who comes: who made it, as long as they may make such; the space's and the site's owners."""
    if not user.is_authenticated or not user.is_active:
        return False
    if has_role(user, OWNER):
        return True
    if event.organiser_id == user.pk and may_make(user, event.space):
        return True
    standing = access.standing_in(user, event.space) if event.space else None
    return standing is not None and standing.role == Membership.Role.OWNER


def may_admit(user: Any, event: Event) -> bool:
    """Stand at the door: who runs it, and the space's helpers and moderators."""
    if may_run(user, event):
        return True
    standing = access.standing_in(user, event.space) if event.space else None
    return standing is not None and standing.role in AT_THE_DOOR


def visible_events(user: Any) -> QuerySet[Event]:
    """Public events, those of the spaces that the person may read now, and those for which they bought a ticket."""
    seen = Q(space=None) | Q(space__in=access.readable_spaces(user).values("pk"))
    if user.is_authenticated:
        seen |= Q(pk__in=Ticket.objects.filter(user=user, state=LIVE).exclude(source="").values("event"))
    return Event.objects.filter(seen)


def event_for(user: Any, pk: int) -> Event:
    """The event if the person may see it; else Http404."""
    event = visible_events(user).select_related("space", "organiser").filter(pk=pk).first()
    if event is None:
        raise Http404("no such event")
    return event


def run_event_for(user: Any, pk: int) -> Event:
    """The event if the person runs it; else Http404."""
    event = event_for(user, pk)
    if not may_run(user, event):
        raise Http404("no such event")
    return event


def door_event_for(user: Any, pk: int) -> Event:
    """The event if the person stands at its door; else Http404."""
    event = event_for(user, pk)
    if not may_admit(user, event):
        raise Http404("no such event")
    return event


def ticket_of(user: Any, event: Event) -> Ticket | None:
    """The person's live ticket, as long as it counts (`holds`)."""
    if not user.is_authenticated:
        return None
    ticket = Ticket.objects.filter(event=event, user=user, state=LIVE).first()
    return ticket if ticket is not None and holds(ticket, event) else None


def holds(ticket: Ticket, event: Event) -> bool:
    """Whether a ticket still lets somebody in: a free one ends with the place in the event's space at once."""
    if not ticket.is_live:
        return False
    return bool(ticket.source) or event.space is None or access.may_read(ticket.user, event.space)
