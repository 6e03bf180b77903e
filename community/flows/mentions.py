"""Mentions: who is named in a post by @handle, and is told of it once."""

from typing import Any

from django.utils.translation import gettext_noop as _

from community import markup
from community.flows.telling import MAIL_DELAY, path_of
from community.models import Mention, Post
from community.reads.people import members_by_handle
from kit import outbox
from kit.text import plain_text
from notices.flows import Words, notify_many, reword

TOPIC = "post.mentions"


def note_mentions(post: Post) -> None:
    """Keep who is named: members of the space alone. By an edit, who is not named any more goes; the new ones are told."""
    handles = markup.handles_in(post.html)
    named = members_by_handle(post.topic.space_id, handles)
    found = dict(named.values_list("user", "handle")) if handles else {}
    if post.edited_at is not None:
        post.mentions.exclude(user__in=found).delete()
    if not found:
        return
    rows = [Mention(post=post, user_id=user, handle=handle) for user, handle in found.items()]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    outbox.write(topic=TOPIC, key=f"{post.pk}@{post.edited_at.timestamp() if post.edited_at else 0}", payload={"post": post.pk})


def tell_mentioned(payload: dict[str, Any]) -> None:
    """Handler of `post.mentions`: each once a post, however often it is edited, and only while they may read it."""
    posts = Post.objects.select_related("topic__space", "author")
    post = posts.filter(pk=payload["post"], removed_at=None, topic__removed_at=None).first()
    if post is None:
        return
    named = post.mentions.exclude(user=post.author_id).select_related("user")
    members = named.filter(user__memberships__space=post.topic.space_id, user__memberships__ended_at=None, user__is_active=True)
    notify_many(
        users=[mention.user for mention in members.distinct()],
        kind="community.mention",
        key=key_of(post.pk),
        words=words_of(post),
        url=path_of(post),
        gate=f"space:{post.topic.space_id}",
        delay=MAIL_DELAY,
    )


def retell_mentioned(post: Post) -> None:
    """A post was edited: mails that still wait say the new words."""
    reword(key=key_of(post.pk), words=words_of(post))


def key_of(post: int) -> str:
    """The key of the notices that tell of mentions in a post."""
    return f"mention:{post}"


def words_of(post: Post) -> Words:
    values = {"author": post.author.display_name, "title": post.topic.title, "body": plain_text(post.html)[:300]}
    return Words(_("%(author)s mentioned you in “%(title)s”"), "%(body)s", values)
