"""What of the community is searched: posts, by those who may read their space now."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.access import readable_spaces
from community.flows.telling import path_of
from community.models import Post
from kit import searchables
from kit.text import plain_text, writing_language


def register_all() -> None:
    searchables.register(
        searchables.Searchable(
            "post", label=_("Discussions"), entries=post_entries, all_ids=all_posts, visible=visible_posts, is_talk=True
        )
    )
    searchables.register_audience("space", space_ids)


def post_entries(ids: Sequence[str]) -> Iterable[searchables.Entry]:
    """One entry a post: a long topic stays cheap to change, and a hit leads to the very post."""
    posts = Post.objects.filter(pk__in=ids, removed_at=None, topic__removed_at=None).select_related("topic__space")
    for post in posts:
        yield searchables.Entry(
            ref=f"post:{post.pk}",
            title=post.topic.title,
            text=plain_text(post.html),
            audience=f"space:{post.topic.space_id}",
            url=path_of(post),
            finds_title=post.no == 1,
            language=writing_language(post.source),
            author=post.author_id,
            at=post.created_at,
            tags=[post.topic.kind],
        )


def all_posts() -> Iterable[int]:
    return Post.objects.filter(removed_at=None, topic__removed_at=None).order_by("pk").values_list("pk", flat=True).iterator()


def visible_posts(ids: Sequence[str], request: Any) -> set[str]:
    posts = Post.objects.filter(
        pk__in=ids, removed_at=None, topic__removed_at=None, topic__space__in=readable_spaces(request.user)
    )
    return {str(pk) for pk in posts.values_list("pk", flat=True)}


def space_ids(user: Any) -> Iterable[int]:
    return readable_spaces(user).values_list("pk", flat=True)
