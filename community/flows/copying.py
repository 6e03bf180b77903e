"""A new class's space begins with what the former one's had: its rules, who helps there, and what was pinned."""

from typing import Any

from django.db import transaction

from community.flows.spaces import join
from community.flows.writing import add_post
from community.models import Membership, Post, Space, Topic
from kit.clock import now

GIVEN = ("helper", "moderator", "owner")


@transaction.atomic
def furnish_space(*, space: Space, like: Space, by: Any) -> None:
    """Rules, description, helpers and moderators that staff named, and the pinned topics' first posts, said anew by `by`.

    Meant for a space that nobody has joined yet: pinned topics are copied each time it is called.
    """
    space.rules, space.description, space.offers_allowed = like.rules, like.description, like.offers_allowed
    space.save(update_fields=["rules", "description", "offers_allowed"])
    named = Membership.objects.filter(space=like, ended_at=None, role__in=GIVEN, source="").select_related("user")
    for place in named.order_by("pk"):
        join(user=place.user, space=space, role=place.role)
    for topic in Topic.objects.filter(space=like, is_pinned=True, removed_at=None).order_by("pk"):
        first = Post.objects.filter(topic=topic, no=1, removed_at=None).first()
        if first is not None:
            _copy(topic, first, space, by)


def _copy(topic: Topic, first: Post, space: Space, by: Any) -> None:
    moment = now()
    values = {"kind": topic.kind, "title": topic.title, "about": topic.about, "is_pinned": True, "is_locked": topic.is_locked}
    made = Topic.objects.create(space=space, author=by, created_at=moment, last_post_at=moment, **values)
    add_post(author=by, topic=made, source=first.source, key=f"copy:{space.pk}:{topic.pk}")
