"""Posts that wait for a moderator: kept, published as if they were written now, or declined with a reason."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community import access
from community.errors import NotSound, Refused
from community.flows import writing
from community.flows.drafts import clear_draft
from community.models import Guard, HeldPost, Post, Space
from community.reads.places import moderators_of
from kit import audit
from kit.clock import now
from kit.text import strip_controls
from notices.flows import Words, notify, notify_many

State = HeldPost.State


@transaction.atomic
def keep(values: dict[str, Any]) -> HeldPost:
    """Once per author and key; those who moderate the space are told."""
    defaults = {name: value for name, value in values.items() if name not in ("author", "key")}
    row, created = HeldPost.objects.get_or_create(author=values["author"], key=values["key"], defaults={**defaults, "at": now()})
    place = f"topic:{row.topic_id}" if row.topic_id else f"space:{row.space_id}"
    clear_draft(owner=row.author, place=place, sent=row.source)
    if created:
        words = Words(gettext_noop("A post in %(space)s waits for you"), "", {"space": row.space.name})
        url = reverse("community:moderation", args=[row.space.slug])
        gate = f"space:{row.space_id}"
        notify_many(
            users=list(moderators_of(row.space)), kind="moderation", key=f"held:{row.pk}", words=words, url=url, gate=gate
        )
    return row


@transaction.atomic
def publish_held(*, by: Any, held: HeldPost) -> Post | None:
    """It is written now, with everything that follows from that. None where it was decided before. Raises Refused, NotSound."""
    row = _locked(by, held)
    if row.state != State.WAITING:
        return None
    if row.topic is None:
        made = writing.open_topic(
            author=row.author, space=row.space, kind=row.kind, title=row.title, source=row.source, key=row.key,
            is_paced=False, is_checked=True, **row.values,
        )  # fmt: skip
        post: Post = made.posts.get(no=1)
    else:
        post = writing.reply(
            author=row.author, topic=row.topic, source=row.source, key=row.key, is_paced=False, is_checked=True, **row.values
        )
    _decide(row, by, State.PUBLISHED, "")
    words = Words(gettext_noop("Your post in %(space)s is published"), "", {"space": row.space.name})
    _tell(row, words, post.topic.path)
    return post


@transaction.atomic
def decline_held(*, by: Any, held: HeldPost, reason: str) -> None:
    """It is not published; its author reads why, and finds the text in the notice. Raises Refused, NotSound without a reason."""
    row = _locked(by, held)
    reason = strip_controls(reason).strip()[:300]
    if not reason:
        raise NotSound(_("Please say why."))
    if row.state != State.WAITING:
        return
    _decide(row, by, State.DECLINED, reason)
    words = Words(
        gettext_noop("Your post in %(space)s was not published"),
        gettext_noop("The reason: %(reason)s\n\nYour text:\n%(text)s"),
        {"space": row.space.name, "reason": reason, "text": row.source[:2000]},
    )
    _tell(row, words, reverse("community:space", args=[row.space.slug]))


@transaction.atomic
def set_guard(*, by: Any, space: Space, values: dict[str, Any]) -> Guard:
    """What the space holds back and refuses from now on. Raises Refused."""
    require_moderator(by, space)
    guard, _made = Guard.objects.select_for_update().get_or_create(space=space)
    before = {name: getattr(guard, name) for name in values}
    for name, value in values.items():
        setattr(guard, name, value)
    guard.save()
    if before != values:
        audit.record(actor=by, action="space.guard", target=f"space:{space.pk}", before=before, after=values)
    return guard


def require_moderator(by: Any, space: Space) -> None:
    if not access.may_moderate(by, space):
        raise Refused(_("Only those who moderate this space do that."))


def _locked(by: Any, held: HeldPost) -> HeldPost:
    row = HeldPost.objects.select_for_update(of=("self",)).select_related("space", "author", "topic").get(pk=held.pk)
    require_moderator(by, row.space)
    return row


def _decide(row: HeldPost, by: Any, state: str, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    audit.record(actor=by, action=f"held.{state}", target=f"held:{row.pk}", before="waiting", after=state, reason=reason)


def _tell(row: HeldPost, words: Words, url: str) -> None:
    notify(user=row.author, kind="moderation", key=f"held:{row.pk}:decided", words=words, url=url, gate=f"space:{row.space_id}")
