"""Opening topics, replying, editing. Posts are numbered under the topic's row lock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from community import access, markup
from community.errors import NotSound, Refused, TooFast
from community.flows.drafts import clear_draft
from community.flows.files import bind_files
from community.flows.mentions import note_mentions, retell_mentioned
from community.flows.showing import show_live
from community.flows.space_rules import refuse_forbidden
from community.flows.telling import retell
from community.models import Post, PostVersion, Space, Topic
from kit import audit, outbox, searchables
from kit.clock import now
from kit.text import RENDERER_VERSION, strip_controls

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
    files: Sequence[int] = (),
    is_paced: bool = True,
) -> Topic:
    """Open a thread with its first post (number 1, Markdown `source`). The same author and `key` give the same topic.

    `files`: ids of what the author stored before (flows.keep_file).
    `is_paced`: the author writes it now, so that the limit of posts a minute counts; not for what a flow opens for them.

    Raises Refused, NotSound, TooFast (community.errors) or FileRefused.
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
    add_post(author=author, topic=topic, source=source, key=key, files=files)
    clear_draft(owner=author, place=f"space:{space.pk}", sent=source)
    return topic


@transaction.atomic
def reply(*, author: Any, topic: Topic, source: str, key: str, answers_no: int | None = None, files: Sequence[int] = ()) -> Post:
    """Add the next numbered post to a topic; `answers_no` is the post that it answers, if it is not the topic as a whole.
    The same author and `key` give the same post.

    Raises Refused, NotSound, TooFast (community.errors) or FileRefused.
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
    if not (answers_no and Post.objects.filter(topic=locked, no=answers_no, removed_at=None).exists()):
        answers_no = None
    made = add_post(author=author, topic=locked, source=source, key=key, answers_no=answers_no, files=files)
    clear_draft(owner=author, place=f"topic:{locked.pk}", sent=source)
    return made


@transaction.atomic
def edit_post(*, by: Any, post: Post, source: str, title: str = "", kind: str = "", files: Sequence[int] | None = None) -> Post:
    """Change one's own post; its number, author and time stay, and what it said before is kept as a version.

    `title` and `kind` are the topic's, for its first post; empty: as they are. `files`: all that it has from now on, None:
    as they are. Raises Refused, NotSound, TooFast or FileRefused.
    """
    locked = Post.objects.select_for_update(of=("self",)).select_related("topic__space", "author").get(pk=post.pk)
    standing = _require_writer(by, locked.topic.space)
    if locked.author_id != by.pk or locked.removed_at is not None or locked.topic.is_locked:
        raise Refused(_("Only its author edits a post."))
    source = _sound_text(source)
    title = _sound_title(title) if title and locked.no == 1 else locked.topic.title
    refuse_forbidden(locked.topic.space, f"{title}\n\n{source}" if locked.no == 1 else source)
    if source != locked.source or title != locked.topic.title:
        _check_edits(by)
        _keep_version(locked)
        locked.source, locked.html, locked.renderer, locked.edited_at = source, markup.render(source), RENDERER_VERSION, now()
        locked.save(update_fields=["source", "html", "renderer", "edited_at"])
    if locked.no == 1:
        _change_topic(locked.topic, title=title, kind=kind, standing=standing)
    if files is not None:
        bind_files(post=locked, files=files)
    note_mentions(locked)
    clear_draft(owner=by, place=f"post:{locked.pk}", sent=source)
    searchables.changed(f"post:{locked.pk}")
    retell(locked)
    retell_mentioned(locked)
    return locked


@transaction.atomic
def retype_topic(*, by: Any, topic: Topic, kind: str) -> Topic:
    """Make a question an experience, and the like: by its author or who moderates the space; its address stays.

    Raises Refused.
    """
    locked = lock_topic(topic)
    standing = _require_writer(by, locked.space)
    if locked.removed_at is not None or not (standing.may_moderate or (locked.author_id == by.pk and not locked.is_locked)):
        raise Refused(_("Its author, or who moderates this space, says what kind of post it is."))
    before = locked.kind
    _change_topic(locked, title=locked.title, kind=kind, standing=standing)
    if locked.kind != before and locked.author_id != by.pk:
        audit.record(actor=by, action="topic.kind", target=f"topic:{locked.pk}", before=before, after=locked.kind)
    return locked


def lock_topic(topic: Topic) -> Topic:
    """The topic freshly read under its row lock; numbers and accepted answers change only behind it."""
    return Topic.objects.select_for_update(of=("self",)).select_related("space").get(pk=topic.pk)


def add_post(
    *, author: Any, topic: Topic, source: str, key: str, answers_no: int | None = None, files: Sequence[int] = ()
) -> Post:
    topic.last_no += 1
    topic.last_post_at = now()
    topic.save(update_fields=["last_no", "last_post_at"])
    post = Post.objects.create(
        topic=topic,
        no=topic.last_no,
        author=author,
        source=source,
        html=markup.render(source),
        renderer=RENDERER_VERSION,
        created_at=topic.last_post_at,
        answers_no=answers_no,
        key=key,
    )
    if files:
        bind_files(post=post, files=files)
    note_mentions(post)
    outbox.write(topic="post.written", key=str(post.pk), payload={"post": post.pk})
    show_live(topic)
    searchables.changed(f"post:{post.pk}")
    return post


def _keep_version(post: Post) -> None:
    """What the post says now, as the next of its earlier versions. Its row is locked: numbers do not collide."""
    last = PostVersion.objects.filter(post=post).order_by("-no").values_list("no", flat=True).first()
    PostVersion.objects.create(
        post=post,
        no=(last or 0) + 1,
        title=post.topic.title if post.no == 1 else "",
        source=post.source,
        html=post.html,
        at=post.edited_at or post.created_at,
        edited_at=now(),
    )


def _change_topic(topic: Topic, *, title: str, kind: str, standing: access.Standing) -> None:
    """Title and kind; the id finds the topic, so that old addresses go on leading to it."""
    kind = kind or topic.kind
    if kind not in Topic.Kind.values:
        raise NotSound(_("There is no such kind of post."))
    if Topic.Kind.ANNOUNCEMENT in (kind, topic.kind) and kind != topic.kind and not standing.may_moderate:
        raise Refused(_("Only those who run this space announce."))
    is_renamed = title != topic.title
    if is_renamed or kind != topic.kind:
        topic.title, topic.kind = title, kind
        topic.save(update_fields=["title", "kind"])
    if is_renamed:
        posts = topic.posts.filter(no__gt=1).values_list("pk", flat=True)
        stamp = now().timestamp()
        refs = {f"post:{pk}@{stamp}": {"ref": f"post:{pk}"} for pk in posts}
        outbox.write_many(topic="search.changed", payloads=refs)


def _check_edits(by: Any) -> None:
    """Every earlier version is kept: nobody shall fill the table by editing."""
    minute_ago = now() - timedelta(minutes=1)
    if PostVersion.objects.filter(post__author=by, edited_at__gt=minute_ago).count() >= settings.EDITS_PER_MINUTE:
        raise TooFast(60)


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
