"""Whom and what somebody follows. A fixed number of queries whatever the rows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from community.access import readable_spaces
from community.models import Follow, Watch
from kit.pictures import THUMB, picture_urls

PAGE = 50
KINDS = {"person": _("People"), "space": _("Spaces"), "topic": _("Topics")}


@dataclass(frozen=True)
class Followed:
    """Follows (of persons, each with `face`) or watches, the newest first; `older` is the id to go on before, or 0."""

    rows: list[Any]
    older: int


def followed(user: Any, kind: str, before: int | None = None, limit: int = PAGE) -> Followed:
    """One page of what a person follows of a kind (KINDS); what they may no longer read is left out. Two queries at most."""
    rows = _people(user) if kind == "person" else _places(user, kind)
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: limit + 1])
    page = found[:limit]
    if kind == "person":
        _add_faces(page)
    return Followed(page, page[-1].pk if len(found) > limit else 0)


def _people(user: Any) -> QuerySet[Any]:
    """Those whose page is there for everybody."""
    rows = Follow.objects.filter(user=user, person__is_active=True, person__profile__is_public=True)
    return rows.select_related("person__profile__portrait")


def _places(user: Any, kind: str) -> QuerySet[Any]:
    rows = Watch.objects.filter(user=user).select_related("space", "topic__space")
    readable = readable_spaces(user).values("pk")
    if kind == "space":
        return rows.filter(space__in=readable)
    return rows.filter(Q(topic__space__in=readable), topic__removed_at=None)


def _add_faces(rows: list[Any]) -> None:
    profiles = [row.person.profile for row in rows]
    urls = picture_urls((profile.portrait for profile in profiles), THUMB)
    for row, profile in zip(rows, profiles, strict=True):
        row.face = urls.get(profile.portrait_id or 0, "")


def watches_space(user: Any, space: Any) -> bool:
    """Whether the person follows the space. One query; none for a visitor."""
    return bool(user.is_authenticated and Watch.objects.filter(user=user, space=space).exists())
