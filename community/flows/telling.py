"""Who is told of what. Fan-out: one outbox row in the writer's transaction; unique keys; mail waits a minute."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop as _

from community.access import HELPING
from community.flows.distance import who_keep_away_from
from community.flows.following import watchers_of
from community.models import Membership, Post, Report, Space, Topic
from community.reads.places import moderators_of
from kit.text import plain_text, slugify_any
from notices import fanout
from notices.flows import Words, notify_many, reword

MAIL_DELAY = timedelta(seconds=60)


def tell_of_post(payload: dict[str, Any]) -> None:
    """Handler of `post.written`: those concerned are told in chunks, each a row of `post.tell` and a task of its own."""
    if post := _standing_post(payload["post"]):
        fanout.in_chunks(topic="post.tell", key=f"post:{post.pk}", people=_concerned(post), payload={"post": post.pk})


def tell_chunk_of_post(payload: dict[str, Any]) -> None:
    """Handler of `post.tell`: only people who have a live place in the space by now, and the words that the post has now."""
    if not (post := _standing_post(payload["post"])):
        return
    is_news = post.no == 1 and post.topic.kind == Topic.Kind.ANNOUNCEMENT
    notify_many(
        users=fanout.part_of(_concerned(post), payload),
        kind="community.announcement" if is_news else "community.post",
        key=f"post:{post.pk}",
        words=_words_of(post),
        url=path_of(post),
        gate=f"space:{post.topic.space_id}",
        delay=MAIL_DELAY,
    )


def _standing_post(pk: int) -> Post | None:
    posts = Post.objects.select_related("topic__space", "author")
    return posts.filter(pk=pk, removed_at=None, topic__removed_at=None).first()


def retell(post: Post) -> None:
    """A post was edited: mails that still wait say the new words."""
    reword(key=f"post:{post.pk}", words=_words_of(post))


def tell_of_acceptance(*, topic: Topic, answer: Post, by: Any) -> None:
    notify_many(
        users=[answer.author],
        kind="community.accepted",
        key=f"accepted:{answer.pk}",
        words=Words(_("Your answer was accepted: %(title)s"), params={"title": topic.title}),
        url=path_of(answer),
        gate=f"space:{topic.space_id}",
    )


def tell_of_report(*, report: Report) -> None:
    topic = report.post.topic
    notify_many(
        users=list(moderators_of(topic.space)),
        kind="community.report",
        key=f"report:{report.pk}",
        words=Words(_("A post was reported in %(space)s"), "%(reason)s", {"space": topic.space.name, "reason": report.reason}),
        url=f"{space_path(topic.space)}moderation/",
        gate=f"space:{topic.space_id}",
    )


def tell_of_removal(*, post: Post, reason: str) -> None:
    notify_many(
        users=[post.author],
        kind="community.removed",
        key=f"removed:{post.pk}",
        words=Words(_("Your post in “%(title)s” was removed"), "%(reason)s", {"title": post.topic.title, "reason": reason}),
        url=space_path(post.topic.space),
        gate=f"space:{post.topic.space_id}",
    )


def space_path(space: Space) -> str:
    """The board's address without a language prefix: notices are read later, in the reader's own language."""
    return f"/community/{space.slug}/"


def path_of(post: Post) -> str:
    """The address of one post: the topic's page that holds its number."""
    return f"{space_path(post.topic.space)}{post.topic_id}-{slugify_any(post.topic.title)}/{post.no}/"


def _words_of(post: Post) -> Words:
    topic = post.topic
    values = {
        "author": post.author.display_name,
        "title": topic.title,
        "space": topic.space.name,
        "body": plain_text(post.html)[:300],
    }
    title = _("%(author)s replied in “%(title)s”")
    if post.no == 1 and topic.kind == Topic.Kind.ANNOUNCEMENT:
        title = _("Announcement in %(space)s: %(title)s")
    elif post.no == 1 and topic.kind == Topic.Kind.QUESTION:
        title = _("%(author)s asks: %(title)s")
    elif post.no == 1:
        title = _("%(author)s wrote: %(title)s")
    return Words(title, "%(body)s", values)


def _members(space: Space) -> QuerySet[Any]:
    return get_user_model().objects.filter(is_active=True, memberships__space=space, memberships__ended_at=None)


def _concerned(post: Post) -> QuerySet[Any]:
    """Who wrote in the topic or follows it; of a new one who follows its space; for an announcement all; for a lesson's
    question who helps; not who is named in it, who hears that. Followers of a public space need no place in it."""
    space, following = post.topic.space, watchers_of(post)
    people = _members(space)
    if not (post.no == 1 and post.topic.kind == Topic.Kind.ANNOUNCEMENT):
        wanted = following | Q(pk__in=Post.objects.filter(topic=post.topic, no__lt=post.no, removed_at=None).values("author"))
        if post.topic.kind == Topic.Kind.QUESTION and post.topic.about:
            helping = Membership.objects.filter(space=space, ended_at=None, role__in=HELPING)
            wanted |= Q(pk__in=helping.values("user"))
        people = people.filter(wanted)
    if space.visibility == Space.Visibility.PUBLIC:
        people = get_user_model().objects.filter(following | Q(pk__in=people.values("pk")), is_active=True)
    people = people.exclude(pk__in={post.author_id, *who_keep_away_from(post.author)})
    return people.exclude(pk__in=post.mentions.values("user")).distinct()
