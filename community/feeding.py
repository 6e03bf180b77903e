"""What of the community comes into feeds: topics, for those who may read their space."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from community.models import Post
from kit import feeds
from kit.text import fold


def register_all() -> None:
    feeds.register(feeds.Source("post", shown="topic", label=_("Discussions"), items=topic_items, all_ids=first_posts))


def topic_items(ids: Sequence[str]) -> Iterable[feeds.Item]:
    """A topic comes and goes with its first post; replies are no news of their own."""
    for post in Post.objects.filter(pk__in=ids, no=1).select_related("topic__space"):
        topic = post.topic
        yield feeds.Item(
            ref=f"topic:{topic.pk}",
            actor=topic.author_id,
            at=topic.created_at,
            audience=f"space:{topic.space_id}",
            tags=[word for word in topic.space.interests if fold(word) in fold(f"{topic.title} {post.source}")],
            is_there=post.removed_at is None and topic.removed_at is None,
        )


def first_posts() -> Iterable[int]:
    return Post.objects.filter(no=1).order_by("pk").values_list("pk", flat=True).iterator()
