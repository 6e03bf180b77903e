"""What moderators look at."""

from community.models import Post, Report, Space


def reported_posts(space: Space, limit: int = 50) -> list[Post]:
    """Posts of a space with open flags, the longest waiting first, each with `flags`."""
    flags = list(
        Report.objects.filter(post__topic__space=space, state=Report.State.OPEN)
        .select_related("reporter", "post__author", "post__topic")
        .order_by("at", "pk")[: 5 * limit]
    )
    posts: dict[int, Post] = {}
    for flag in flags:
        post = posts.setdefault(flag.post_id, flag.post)
        post.topic.space = space
        post.flags = [*getattr(post, "flags", []), flag]  # type: ignore[attr-defined]
    return list(posts.values())[:limit]
