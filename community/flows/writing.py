"""Opening topics, replying, editing. Posts are numbered under the topic's row lock."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from community import access
from community.errors import NotSound, Refused, TooFast
from community.flows.space_rules import refuse_forbidden
from community.flows.telling import retell
from community.models import Post, Space, Topic
from kit import outbox, searchables
from kit.clock import now
from kit.text import RENDERER_VERSION, render_markdown, strip_controls

LONGEST_POST = 20_000
LONGEST_TITLE = 140


@transaction.atomic
def open_topic(
    *,
    author: Any,
    space: Space,
    kind: str,
    title: str,
    source: str,
    key: str,
    about: str = "",
    offer: str = "",
    is_paced: bool = True,
) -> Topic:
    """Open a thread with its first post (number 1, Markdown `source`). The same author and `key` give the same topic.

    `is_paced`: the author writes it now, so that the limit of posts a minute counts; not for what a flow opens for them.

    Raises Refused, NotSound or TooFast (community.errors).
    """
    _lock_author(author)
    if sent := _sent_before(author, key):
        return sent.topic
    standing = _require_writer(author, space)
    title, source = _sound_title(title), _sound_text(source)
    if kind == Topic.Kind.ANNOUNCEMENT and not standing.may_moderate:
        raise Refused(_("Only those who run this space announce."))
    if offer and not standing.may_moderate:
        raise Refused(_("Offers are not placed here."))
    refuse_forbidden(space, f"{title}\n\n{source}", offer)
    if is_paced:
        _check_rate(author)
    moment = now()
    topic = Topic.objects.create(
        space=space, author=author, kind=kind, title=title, about=about, offer=offer, created_at=moment, last_post_at=moment
    )
    add_post(author=author, topic=topic, source=source, key=key)
    return topic


@transaction.atomic
def reply(*, author: Any, topic: Topic, source: str, key: str) -> Post:
    """Add the next numbered post to a topic. The same author and `key` give the same post.

    Raises Refused, NotSound or TooFast (community.errors).
    """
    _lock_author(author)
    if sent := _sent_before(author, key):
        return sent
    locked = lock_topic(topic)
    standing = _require_writer(author, locked.space)
    if locked.removed_at is not None or (locked.is_locked and not standing.may_moderate):
        raise Refused(_("This topic is closed."))
    source = _sound_text(source)
    refuse_forbidden(locked.space, source)
    _check_rate(author)
    return add_post(author=author, topic=locked, source=source, key=key)


@transaction.atomic
def edit_post(*, by: Any, post: Post, source: str) -> Post:
    """Change one's own post; its number, author and time stay. Raises Refused or NotSound."""
    locked = Post.objects.select_for_update(of=("self",)).select_related("topic__space", "author").get(pk=post.pk)
    _require_writer(by, locked.topic.space)
    if locked.author_id != by.pk or locked.removed_at is not None or locked.topic.is_locked:
        raise Refused(_("Only its author edits a post."))
    locked.source = _sound_text(source)
    refuse_forbidden(locked.topic.space, locked.source)
    locked.html, locked.renderer, locked.edited_at = render_markdown(locked.source), RENDERER_VERSION, now()
    locked.save(update_fields=["source", "html", "renderer", "edited_at"])
    searchables.changed(f"post:{locked.pk}")
    retell(locked)
    return locked


def lock_topic(topic: Topic) -> Topic:
    """The topic freshly read under its row lock; numbers and accepted answers change only behind it."""
    return Topic.objects.select_for_update(of=("self",)).select_related("space").get(pk=topic.pk)


def add_post(*, author: Any, topic: Topic, source: str, key: str) -> Post:
    topic.last_no += 1
    topic.last_post_at = now()
    topic.save(update_fields=["last_no", "last_post_at"])
    post = Post.objects.create(
        topic=topic,
        no=topic.last_no,
        author=author,
        source=source,
        html=render_markdown(source),
        renderer=RENDERER_VERSION,
        created_at=topic.last_post_at,
        key=key,
    )
    outbox.write(topic="post.written", key=str(post.pk), payload={"post": post.pk})
    searchables.changed(f"post:{post.pk}")
    return post


def _lock_author(author: Any) -> None:
    """One author's posts come one after the other: a double submit finds the first, a burst is counted exactly."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)


def _sent_before(author: Any, key: str) -> Post | None:
    return Post.objects.select_related("topic__space").filter(author=author, key=key).first()


def _require_writer(author: Any, space: Space) -> access.Standing:
    standing = access.standing_in(author, space)
    if standing is not None and standing.must_accept and space.archived_at is None:
        raise Refused(_("Please read and accept the rules of this space first."))
    if standing is None or not standing.may_write:
        raise Refused(_("Only members write here."))
    return standing


def _check_rate(author: Any) -> None:
    """SAFETY.md, Limits: counts the rows themselves, so that no cache or second process can lose count."""
    minute_ago = now() - timedelta(minutes=1)
    recent = Post.objects.filter(author=author, created_at__gt=minute_ago).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: settings.POSTS_PER_MINUTE])
    if len(times) >= settings.POSTS_PER_MINUTE:
        raise TooFast(max(1, int((times[-1] - minute_ago).total_seconds()) + 1))


def _sound_title(title: str) -> str:
    title = " ".join(strip_controls(title).split())
    if not title or len(title) > LONGEST_TITLE:
        raise NotSound(_("A title has 1 to %(longest)d characters.") % {"longest": LONGEST_TITLE})
    return title


def _sound_text(source: str) -> str:
    source = strip_controls(source).strip()
    if not source or len(source) > LONGEST_POST:
        raise NotSound(_("A post has 1 to %(longest)d characters.") % {"longest": LONGEST_POST})
    return source
