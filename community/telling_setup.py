"""Outbox topics by which the community tells people what happened (docs/house.md)."""

from community.flows import feedback, feedback_news, following, telling, telling_rules
from kit import outbox, persons


def register_all() -> None:
    outbox.on("post.written", telling.tell_of_post)
    outbox.on("post.tell", telling.tell_chunk_of_post)
    outbox.on(telling_rules.CHANGED, telling_rules.split_members)
    outbox.on(telling_rules.TELL, telling_rules.tell_chunk_of_members)
    outbox.on("follow.news", following.split_followers)
    outbox.on("follow.tell", following.tell_chunk_of_followers)
    outbox.on("wish.news", feedback_news.split_wish_news)
    outbox.on("wish.tell", feedback_news.tell_chunk_of_wish)
    outbox.on("release.news", feedback_news.split_release_news)
    outbox.on("release.tell", feedback_news.tell_chunk_of_release)
    persons.register("feedback", export=feedback.export_votes, erase=feedback.forget_votes)
