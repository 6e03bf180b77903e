"""What the feed and the notes register with the kit; called once, in `AppConfig.ready()`."""

from community import feeding, noting
from community.flows.feed import refresh_feed
from kit import feeds, outbox


def register_all() -> None:
    feeding.register_all()
    noting.register_all()
    outbox.on("search.changed", refresh_feed)
    outbox.on(feeds.TOPIC, refresh_feed)
