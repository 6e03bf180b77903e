"""Time-outs, and what an author says to a removal: heard by another moderator than the one who removed, where there is one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community.errors import NotSound, Refused
from community.flows.holding import require_moderator
from community.flows.telling import path_of
from community.flows.writing import lock_topic
from community.models import Membership, Post, Removal, Space, TimeOut
from community.reads.places import moderators_of
from kit import audit, searchables
from kit.clock import now
from kit.text import strip_controls
from notices.flows import Words, notify, notify_many


@transaction.atomic
def set_time_out(*, by: Any, space: Space, user: Any, until: datetime, reason: str) -> TimeOut:
    """The person reads and does not write until then, and is told why. Raises Refused, NotSound."""
    require_moderator(by, space)
    reason = _reason(reason)
    place = Membership.objects.select_for_update(of=("self",)).filter(space=space, user=user, ended_at=None).first()
    if place is None or place.role in (Membership.Role.MODERATOR, Membership.Role.OWNER) or until <= now():
        raise Refused(_("Time-outs are for members, and end later than now."))
    TimeOut.objects.filter(space=space, user=user, ended_at=None).update(ended_at=now())
    row = TimeOut.objects.create(space=space, user=user, until=until, reason=reason, by=by, at=now())
    audit.record(
        actor=by,
        action="member.time_out",
        target=f"user:{user.pk}",
        after={"space": space.pk, "until": until.isoformat()},
        reason=reason,
    )
    words = Words(
        gettext_noop("You may read in %(space)s, and write again later"),
        gettext_noop("The reason: %(reason)s"),
        {"space": space.name, "reason": reason},
    )
    url = reverse("community:space", args=[space.slug])
    notify(user=user, kind="moderation", key=f"time-out:{row.pk}", words=words, url=url, gate=f"space:{space.pk}")
    return row


@transaction.atomic
def end_time_out(*, by: Any, row: TimeOut) -> None:
    """The person writes again; again: nothing. Raises Refused."""
    require_moderator(by, row.space)
    if TimeOut.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now()):
        audit.record(actor=by, action="member.time_out_ended", target=f"user:{row.user_id}", after={"space": row.space_id})


@transaction.atomic
def appeal_removal(*, by: Any, removal: Removal, text: str) -> Removal:
    """The author's word, once a removal; the space's other moderators are told. Raises Refused, NotSound."""
    row = Removal.objects.select_for_update(of=("self",)).select_related("post__topic__space").get(pk=removal.pk)
    if row.post.author_id != by.pk or row.appealed_at is not None or row.post.removed_at is None:
        raise Refused(_("One appeals once, against the removal of one's own post."))
    text = strip_controls(text).strip()[:2000]
    if not text:
        raise NotSound(_("Please say why it should stand again."))
    row.appeal, row.appealed_at = text, now()
    row.save(update_fields=["appeal", "appealed_at"])
    space = row.post.topic.space
    audit.record(actor=by, action="post.appealed", target=f"post:{row.post_id}", reason=text[:300])
    words = Words(gettext_noop("An appeal in %(space)s waits for you"), "", {"space": space.name})
    users = [user for user in moderators_of(space) if user.pk != row.by_id] or list(moderators_of(space))
    url = reverse("community:moderation", args=[space.slug])
    notify_many(users=users, kind="moderation", key=f"appeal:{row.pk}", words=words, url=url, gate=f"space:{space.pk}")
    return row


def may_decide(by: Any, removal: Removal) -> bool:
    """Whoever removed decides on the appeal only where nobody else moderates the space."""
    others = [user for user in moderators_of(removal.post.topic.space) if user.pk != removal.by_id]
    return by.pk != removal.by_id or not others


@transaction.atomic
def decide_appeal(*, by: Any, removal: Removal, restore: bool, answer: str) -> Removal:
    """The post stands again, or stays away; its author reads the answer. Raises Refused, NotSound."""
    row = Removal.objects.select_for_update(of=("self",)).select_related("post__topic__space", "post__author").get(pk=removal.pk)
    require_moderator(by, row.post.topic.space)
    answer = _reason(answer)
    if row.verdict or row.appealed_at is None:
        return row
    if not may_decide(by, row):
        raise Refused(_("Another moderator hears this appeal."))
    row.verdict = str(Removal.Verdict.RESTORED if restore else Removal.Verdict.STANDS)
    row.decided_by, row.decided_at, row.answer = by, now(), answer
    row.save(update_fields=["verdict", "decided_by", "decided_at", "answer"])
    if restore:
        _restore(row.post)
    audit.record(
        actor=by, action=f"appeal.{row.verdict}", target=f"post:{row.post_id}", before="removed", after=row.verdict, reason=answer
    )
    title = gettext_noop("Your post stands again") if restore else gettext_noop("Your post stays removed")
    words = Words(title, gettext_noop("The answer: %(answer)s"), {"answer": answer})
    space = row.post.topic.space
    url = path_of(row.post) if restore else reverse("community:space", args=[space.slug])
    notify(
        user=row.post.author, kind="moderation", key=f"appeal:{row.pk}:decided", words=words, url=url, gate=f"space:{space.pk}"
    )
    return row


def _restore(post: Post) -> None:
    """Back on the board and in the search; a topic comes back with its first post."""
    topic = lock_topic(post.topic)
    Post.objects.filter(pk=post.pk).update(removed_at=None)
    if post.no == 1 and topic.removed_at is not None:
        topic.removed_at = None
        topic.save(update_fields=["removed_at"])
    back = Post.objects.filter(topic=topic, removed_at=None) if post.no == 1 else Post.objects.filter(pk=post.pk)
    for pk in back.values_list("pk", flat=True):
        searchables.changed(f"post:{pk}")


def _reason(text: str) -> str:
    text = strip_controls(text).strip()[:300]
    if not text:
        raise NotSound(_("Please say why."))
    return text
