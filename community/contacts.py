"""Whom one may write to: those who teach, sell or run the site, moderators of one's spaces, and who follows back.

Upper rooms register in `AppConfig.ready()` who teaches and sells, who answers for a thing (`course:5`), and when they are
away: the community knows neither courses nor offers.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from accounts.roles import INSTRUCTOR, OWNER, has_role
from community.access import MODERATING
from community.flows.blocking import blocked_between
from community.models import Follow, Membership

Office = Callable[[Collection[int]], set[int]]
Answerer = Callable[[str, Any], int | None]
Absences = Callable[[Collection[int]], Mapping[int, date]]
_offices: list[Office] = []
_answerers: dict[str, Answerer] = {}
_absences: list[Absences] = []


def register_office(office: Office) -> None:
    """`office(ids)` answers which of these persons everybody may write to, because they teach or sell."""
    if office not in _offices:
        _offices.append(office)


def register_answerer(kind: str, answerer: Answerer) -> None:
    """`answerer(id, user)` answers the id of whoever answers for the thing to this user, or None."""
    _answerers[kind] = answerer


def register_absences(absences: Absences) -> None:
    """`absences(ids)` answers {user's id: the day on which they are back} of those who are away now."""
    if absences not in _absences:
        _absences.append(absences)


def answerer_of(about: str, user: Any) -> int | None:
    """Whom this user asks about `kind:id`; None where nobody answers for it."""
    kind, _, ident = about.partition(":")
    answerer = _answerers.get(kind)
    return answerer(ident, user) if answerer and ident else None


def away_until(user_id: int) -> date | None:
    """The day on which an absent person is back; None for one who is there."""
    days = [absences([user_id]).get(user_id) for absences in _absences]
    return max((day for day in days if day), default=None)


def answers_to(person: Any, user: Any) -> bool:
    """Whether `person` is there to be asked by `user`: teaches, sells, runs the site, moderates a space both are in."""
    if has_role(person, OWNER, INSTRUCTOR) or any(office([person.pk]) for office in _offices):
        return True
    return _moderators_for(user).filter(pk=person.pk).exists()


def follow_each_other(one: Any, other: Any) -> bool:
    pairs = Q(user=one, person=other) | Q(user=other, person=one)
    return Follow.objects.filter(pairs).count() == 2


def may_write_to(user: Any, person: Any) -> bool:
    """Whether `user` may begin a conversation with `person`, or go on with one that they began."""
    if user.pk == person.pk or not person.is_active or blocked_between(user, person):
        return False
    return answers_to(person, user) or follow_each_other(user, person)


def team_for(user: Any, limit: int = 60) -> list[Any]:
    """The owner, who teaches, and the moderators of one's spaces. One query, profiles at hand."""
    people = get_user_model().objects.filter(
        Q(groups__name__in=[OWNER, INSTRUCTOR]) | Q(pk__in=_moderators_for(user).values("pk")), is_active=True
    )
    rows = people.filter(profile__isnull=False).exclude(pk=user.pk).select_related("profile__portrait")
    return list(rows.distinct().order_by("name", "pk")[:limit])


def friends_of(user: Any, limit: int = 60) -> list[Any]:
    """Who follows this person and is followed back. One query."""
    back = Follow.objects.filter(person=user).values("user")
    people = get_user_model().objects.filter(pk__in=Follow.objects.filter(user=user, person__in=back).values("person"))
    rows = people.filter(profile__isnull=False, is_active=True).select_related("profile__portrait")
    return list(rows.order_by("name", "pk")[:limit])


def _moderators_for(user: Any) -> QuerySet[Any]:
    mine = Membership.objects.filter(user=user.pk, ended_at=None).values("space")
    posts = Membership.objects.filter(space__in=mine, role__in=MODERATING, ended_at=None)
    return get_user_model().objects.filter(pk__in=posts.values("user"))
