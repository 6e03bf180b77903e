"""A space begins with what another had: its rules, who helps there, what was pinned, its calendar."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import transaction

from community.flows.governing import Plan, make_space
from community.flows.passes import require_owner
from community.flows.spaces import join
from community.flows.writing import add_post
from community.models import Membership, Post, Recurring, Space, Topic
from kit.clock import local_date, now

GIVEN = ("helper", "moderator", "owner")
KEPT = (
    "rules",
    "description",
    "interests",
    "offers_allowed",
    "referrals_allowed",
    "list_hidden",
    "time_zone",
)


@transaction.atomic
def clone_space(*, by: Any, space: Space, slug: str, name: str) -> Space:
    """Another space like this one, with the same way in; by who owns it and may make spaces. Codes and invitations stay.

    Raises Refused, or NotSound for a taken address.
    """
    require_owner(by, space)
    plan = Plan(**{field.name: getattr(space, field.name) for field in fields(Plan)})
    if space.about:
        plan = replace(plan, way=Space.Way.INVITATION, way_of="")
    made = make_space(by=by, slug=slug, plan=replace(plan, name=name))
    furnish_space(space=made, like=space, by=by)
    return made


@transaction.atomic
def furnish_space(*, space: Space, like: Space, by: Any, first_on: date | None = None) -> None:
    """Rules and everything else that was settled, helpers and moderators that staff named, the calendar (from `first_on`,
    today by default), and the pinned topics' first posts, said anew by `by`. The way in stays the new space's own.

    Meant for a space that nobody has joined yet: pinned topics are copied each time it is called.
    """
    for name in KEPT:
        setattr(space, name, getattr(like, name))
    space.rules_version = 1 if space.rules else 0
    space.save(update_fields=[*KEPT, "rules_version"])
    _copy_calendar(space, like, by, first_on or local_date(now(), like.time_zone))
    named = Membership.objects.filter(space=like, ended_at=None, role__in=GIVEN, source="").select_related("user")
    for place in named.order_by("pk"):
        join(user=place.user, space=space, role=place.role)
    for topic in Topic.objects.filter(space=like, is_pinned=True, removed_at=None).order_by("pk"):
        first = Post.objects.filter(topic=topic, no=1, removed_at=None).first()
        if first is not None:
            _copy(topic, first, space, by)


def _copy_calendar(space: Space, like: Space, by: Any, first_on: date) -> None:
    for entry in Recurring.objects.filter(space=like).order_by("pk"):
        entry.pk, entry.space, entry.author, entry.first_on, entry.made_at = None, space, by, first_on, now()
        entry._state.adding = True
        entry.save()


def _copy(topic: Topic, first: Post, space: Space, by: Any) -> None:
    moment = now()
    values = {"kind": topic.kind, "title": topic.title, "about": topic.about, "is_pinned": True, "is_locked": topic.is_locked}
    made = Topic.objects.create(space=space, author=by, created_at=moment, last_post_at=moment, **values)
    add_post(author=by, topic=made, source=first.source, key=f"copy:{space.pk}:{topic.pk}")
