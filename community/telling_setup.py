"""Outbox topics by which the community tells people what happened (docs/house.md)."""

from community.flows import feedback_news, following, telling
from kit import outbox


def register_all() -> None:
    outbox.on("post.written", telling.tell_of_post)
    outbox.on("post.tell", telling.tell_chunk_of_post)
    outbox.on("follow.news", following.split_followers)
    outbox.on("follow.tell", following.tell_chunk_of_followers)
    outbox.on("wish.news", feedback_news.split_wish_news)
    outbox.on("wish.tell", feedback_news.tell_chunk_of_wish)
    outbox.on("release.news", feedback_news.split_release_news)
    outbox.on("release.tell", feedback_news.tell_chunk_of_release)
