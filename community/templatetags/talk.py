"""How kinds of topics look; topics on a board and posts in a topic, as pieces that are remembered."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from community.access import Standing
from community.models import Membership, Post, Space, Topic
from kit.templatetags.design import piece
from kit.templatetags.yard import ago

register = template.Library()
_ICONS: dict[Any, str] = {
    Topic.Kind.QUESTION: "question",
    Topic.Kind.EXPERIENCE: "heart",
    Topic.Kind.WORK: "music",
    Topic.Kind.DEAL: "tag",
    Topic.Kind.WANTED: "search",
    Topic.Kind.ANNOUNCEMENT: "flag",
}
_TONES: dict[Any, str] = {
    Topic.Kind.QUESTION: "info",
    Topic.Kind.EXPERIENCE: "koa",
    Topic.Kind.WORK: "night",
    Topic.Kind.DEAL: "warn",
    Topic.Kind.WANTED: "",
    Topic.Kind.ANNOUNCEMENT: "accent",
}
_LABELS = dict(Topic.Kind.choices)


@register.filter
def kind_icon(kind: str) -> str:
    """Symbol of a kind of topic."""
    return _ICONS.get(kind, "chat")


@register.filter
def kind_tone(kind: str) -> str:
    """Tone of its badge."""
    return _TONES.get(kind, "")


@register.filter
def kind_label(kind: str) -> str:
    """A kind in words. (`get_kind_display` translates every choice to find one: dear in a long board.)"""
    return str(_LABELS[kind])


@register.filter
def role_label(role: str, space: Space) -> str:
    """A role in words; nothing for an ordinary member. Who owns the space of a class is its teacher."""
    if role == Membership.Role.OWNER and space.about.startswith("cohort:"):
        return gettext("teacher")
    return str(Membership.Role(role).label) if role else ""


@register.simple_tag(takes_context=True)
def topic_line(context: template.Context, topic: Topic) -> SafeString:
    """One line of the board in the context's `space`; `topic` as `reads.board` gives it."""
    unread, read_no = topic.unread, topic.read_no  # type: ignore[attr-defined]
    return piece(
        "community/topic_line",
        space=context["space"].slug,
        topic=topic.pk,
        slug=topic.slug,
        first_unread=read_no + 1 if unread and read_no else 0,
        title=topic.title,
        icon=kind_icon(topic.kind),
        tone=kind_tone(topic.kind),
        kind=kind_label(topic.kind),
        author=topic.author.display_name,
        last_author=topic.last_author,  # type: ignore[attr-defined]
        time=ago(topic.last_post_at),
        replies=topic.replies,
        unread=unread,
        pinned=topic.is_pinned,
        locked=topic.is_locked,
        answered=bool(topic.accepted_no),
    )


@register.simple_tag(takes_context=True)
def post_row(context: template.Context, post: Post) -> SafeString:
    """A post as `reads.topic_page` gives it, for the context's `user` with their `standing`; `may_accept` says whether
    they may name the answer of the `topic`.
    """
    topic: Topic = context["topic"]
    values = post_values(post, topic, context["standing"], context["user"])
    accepts = bool(context["may_accept"]) and post.no > 1
    return piece("community/post", **values, may_accept=accepts)


def post_values(post: Post, topic: Topic, standing: Standing, user: Any) -> dict[str, Any]:
    """What is shown of a post, in plain values; of a removed one nothing but its number."""
    place = {"space": standing.space.slug, "topic": topic.pk, "no": post.no}
    if post.removed_at is not None:
        return {**place, "removed": True}
    mine = post.author_id == user.pk
    return place | {
        "content": mark_safe(post.html),  # noqa: S308  (made by kit.text, which sanitises)
        "author": post.author.display_name,
        "handle": post.handle,  # type: ignore[attr-defined]
        "face": post.face,  # type: ignore[attr-defined]
        "role": role_label(post.author_role, standing.space),  # type: ignore[attr-defined]
        "time": ago(post.created_at),
        "datetime": post.created_at.isoformat(),
        "edited": post.edited_at is not None,
        "accepted": topic.accepted_no == post.no,
        "thanks": post.thanks,  # type: ignore[attr-defined]
        "thanked": post.thanked,  # type: ignore[attr-defined]
        "may_thank": standing.membership is not None and not mine,
        "may_remove": standing.may_moderate,
        "tool": _tool(standing, topic, mine),
    }


def _tool(standing: Standing, topic: Topic, mine: bool) -> str:
    """Own posts are edited, others' reported."""
    if mine and standing.may_write and not topic.is_locked:
        return "edit"
    return "report" if standing.membership is not None and not mine else ""
