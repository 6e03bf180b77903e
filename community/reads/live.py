"""What is new on a board that somebody has open."""

from datetime import datetime, timedelta
from typing import Any

from community.models import Post, Space, Topic

MOST = 99


def count_since(space: Space, moment: datetime, *, besides: Any) -> int:
    """Posts written after `moment` (a page knows it to the millisecond) by others, at most 99."""
    after = moment + timedelta(milliseconds=1)
    topics = Topic.objects.filter(space=space, removed_at=None, last_post_at__gte=after).order_by("-last_post_at")[:MOST]
    posts = Post.objects.filter(topic__in=[topic.pk for topic in topics], created_at__gte=after, removed_at=None)
    return len(posts.exclude(author=besides).values_list("pk")[:MOST])
