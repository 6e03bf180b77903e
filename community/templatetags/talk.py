"""How kinds of topics look; topics on a board and posts in a topic, as pieces that are remembered."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from community.access import Standing
from community.markup import addresses, shown
from community.models import Membership, Post, Reaction, Space, Topic
from community.reads import POSTS_PAGE
from kit.files import DOWNLOADS, FORMATS
from kit.moulds import fill
from kit.templatetags.design import piece, render_component
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
PICTURES = [content_type for content_type, _suffix in FORMATS.values()]
_LABELS = dict(Topic.Kind.choices)
# What each post has for itself, and its template only shows; of the rest there are few shapes in a topic.
_OWN = (
    *("no", "page", "content", "author", "handle", "avatar", "time", "datetime"),
    *("answered_no", "answered_author", "excerpt"),
)


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
        answered=bool(topic.answered_no),
    )


@register.simple_tag(takes_context=True)
def post_row(context: template.Context, post: Post) -> SafeString:
    """A post as `reads.topic_page` gives it, for the context's `user` with their `standing`; `may_accept` says whether
    they may name the answer of the `topic`.
    """
    topic: Topic = context["topic"]
    values = post_values(post, topic, context["standing"], context["user"], lesson=context.get("lesson_url", ""))
    accepts = bool(context["may_accept"]) and post.no > 1
    holes = {name: values.pop(name) for name in _OWN if name in values}
    return fill(render_component, "community/post", holes=holes, **values, may_accept=accepts)


def post_values(post: Post, topic: Topic, standing: Standing, user: Any, *, lesson: str = "") -> dict[str, Any]:
    """What is shown of a post, in plain values; of a removed one nothing but its number.

    `lesson` is the address of the lesson that the topic is about: "2:14" leads to that second of it.
    """
    place = {"space": standing.space.slug, "topic": topic.pk, "no": post.no}
    if post.removed_at is not None:
        return {**place, "removed": True}
    mine = post.author_id == user.pk
    return place | {
        "slug": topic.slug,
        "page": -(-post.no // POSTS_PAGE),
        "content": post_content(post, standing.space.slug, lesson),
        "author": post.author.display_name,
        "handle": post.handle,  # type: ignore[attr-defined]
        "avatar": piece("avatar", name=post.author.display_name, image=post.face),  # type: ignore[attr-defined]
        "role": role_label(post.author_role, standing.space),  # type: ignore[attr-defined]
        "time": ago(post.created_at),
        "datetime": post.created_at.isoformat(timespec="seconds"),
        "edited": post.edited_at is not None,
        "accepted": topic.answered_no == post.no,
        **_reactions(post, may_react=standing.membership is not None and not mine),
        **_answering(post),
        "may_answer": standing.may_write and (not topic.is_locked or standing.may_moderate),
        "may_see_history": post.edited_at is not None and (standing.membership is not None or standing.may_moderate),
        "may_remove": standing.may_moderate,
        "tool": _tool(standing, topic, mine),
    }


def post_content(post: Post, space: str, lesson: str = "") -> SafeString:
    """The words of a post with its files, mentions and seconds of the lesson."""
    people = addresses(post.people)  # type: ignore[attr-defined]
    return shown(post.html, space=space, files=post.files, people=people, lesson=lesson)  # type: ignore[attr-defined]


@register.simple_tag
def accepted_files() -> str:
    """What a file picker offers. Pictures are named one by one: then phones hand their HEIC pictures over as JPEG."""
    return ",".join([*PICTURES, "audio/*", "video/mp4", "video/webm", "application/pdf", *sorted(DOWNLOADS)])


@register.simple_tag(takes_context=True)
def words_of(context: template.Context, post: Post) -> SafeString:
    """A post's words alone, as `post_row` shows them."""
    return post_content(post, context["space"].slug, context.get("lesson_url", ""))


def _reactions(post: Post, *, may_react: bool) -> dict[str, Any]:
    """{kind}_count and {kind}_mine for each kind of reaction."""
    given = post.reactions_given  # type: ignore[attr-defined]
    values: dict[str, Any] = {"may_react": may_react, "reactions": sum(count for count, _mine in given.values())}
    for kind in Reaction.Kind.values:
        values[f"{kind}_count"], values[f"{kind}_mine"] = given.get(kind, (0, False))
    return values


def _answering(post: Post) -> dict[str, Any]:
    answered = post.answered or {"no": 0, "author": "", "excerpt": ""}  # type: ignore[attr-defined]
    numbers = " ".join(str(no) for no in post.answers or [])  # type: ignore[attr-defined]
    return {
        "answered_no": answered["no"],
        "answered_author": answered["author"],
        "excerpt": answered["excerpt"],
        "answers": numbers,
    }


def _tool(standing: Standing, topic: Topic, mine: bool) -> str:
    """Own posts are edited, others' reported."""
    if mine and standing.may_write and not topic.is_locked:
        return "edit"
    return "report" if standing.membership is not None and not mine else ""
