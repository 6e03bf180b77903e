"""Flags and what the moderators of that very space do about them. Every decision leaves a line in the trail."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import access
from community.errors import Refused
from community.flows.files import let_files_go
from community.flows.mentions import key_of
from community.flows.telling import tell_of_removal, tell_of_report
from community.flows.writing import lock_topic
from community.models import Post, Report, Space, Topic
from kit import audit, searchables
from kit.clock import now
from kit.text import strip_controls
from notices.flows import withdraw


@transaction.atomic
def report_post(*, reporter: Any, post: Post, reason: str) -> Report:
    """Flag a post, once a person; those who moderate the space are told."""
    standing = access.standing_in(reporter, post.topic.space)
    if standing is None or standing.membership is None or post.removed_at is not None:
        raise Refused(_("Only members report."))
    report, created = Report.objects.get_or_create(
        post=post, reporter=reporter, defaults={"reason": strip_controls(reason).strip()[:300], "at": now()}
    )
    if created:
        tell_of_report(report=report)
    return report


@transaction.atomic
def remove_post(*, by: Any, post: Post, reason: str) -> Post:
    """Take a post off the board; its number stays. Without its first post a topic goes, too. The author is told why."""
    reason = strip_controls(reason).strip()
    topic = lock_topic(post.topic)
    _require_moderator(by, topic.space)
    removed = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    if removed.removed_at is not None:
        return removed
    removed.removed_at = now()
    removed.save(update_fields=["removed_at"])
    removed.topic = topic
    if removed.no == 1:
        topic.removed_at = removed.removed_at
    if topic.accepted_no == removed.no:
        topic.accepted_no = None
    topic.save(update_fields=["removed_at", "accepted_no"])
    let_files_go(removed)
    _decide(post=removed, by=by, state=Report.State.REMOVED)
    audit.record(actor=by, action="post.removed", target=f"post:{removed.pk}", before="shown", after="removed", reason=reason)
    _forget(topic if removed.no == 1 else removed)
    tell_of_removal(post=removed, reason=reason)
    return removed


@transaction.atomic
def keep_post(*, by: Any, post: Post) -> None:
    """The flags of a post were looked at and it stays."""
    _require_moderator(by, post.topic.space)
    if _decide(post=post, by=by, state=Report.State.KEPT):
        audit.record(actor=by, action="post.kept", target=f"post:{post.pk}", before="reported", after="kept")


@transaction.atomic
def set_pinned(*, by: Any, topic: Topic, on: bool) -> None:
    """Pin a topic to the top of its board, or let it go."""
    _switch(by=by, topic=topic, field="is_pinned", on=on)


@transaction.atomic
def set_locked(*, by: Any, topic: Topic, on: bool) -> None:
    """Close a topic to replies, or open it again."""
    _switch(by=by, topic=topic, field="is_locked", on=on)


@transaction.atomic
def move_topic(*, by: Any, topic: Topic, space: Space) -> Topic:
    """Move a topic to another space that the same person moderates. Notices about it are withdrawn: the gate moved."""
    locked = lock_topic(topic)
    before = locked.space
    _require_moderator(by, before)
    _require_moderator(by, space)
    if before.archived_at is not None or space.archived_at is not None:
        raise Refused(_("This space is archived: everything can be read, nothing is added."))
    locked.space, locked.is_pinned = space, False
    locked.save(update_fields=["space", "is_pinned"])
    audit.record(
        actor=by, action="topic.moved", target=f"topic:{locked.pk}", before=f"space:{before.pk}", after=f"space:{space.pk}"
    )
    _forget(locked)
    return locked


def _switch(*, by: Any, topic: Topic, field: str, on: bool) -> None:
    locked = lock_topic(topic)
    _require_moderator(by, locked.space)
    before = getattr(locked, field)
    if before == on:
        return
    setattr(locked, field, on)
    locked.save(update_fields=[field])
    audit.record(actor=by, action=f"topic.{field}", target=f"topic:{locked.pk}", before=before, after=on)


def _decide(*, post: Post, by: Any, state: str) -> int:
    return Report.objects.filter(post=post, state=Report.State.OPEN).update(state=state, decided_by=by)


def _forget(what: Topic | Post) -> None:
    """Search reads the posts again; what people were told of them and have not yet got by mail is taken back."""
    posts = Post.objects.filter(topic=what) if isinstance(what, Topic) else Post.objects.filter(pk=what.pk)
    rows = list(posts.only("pk"))
    for post in rows:
        searchables.changed(f"post:{post.pk}")
    withdraw(keys=[key for post in rows for key in (f"post:{post.pk}", key_of(post.pk))])


def _require_moderator(by: Any, space: Space) -> None:
    if not access.may_moderate(by, space):
        raise Refused(_("Only those who moderate this space do that."))
