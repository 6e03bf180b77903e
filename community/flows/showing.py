"""What open pages hear of a topic as it grows (notices.live)."""

from community.models import Topic
from community.things import stamp
from notices import live


def show_live(topic: Topic) -> None:
    """In the transaction of what was written: the topic's last number, and when somebody last wrote on its board."""
    values = {f"topic:{topic.pk}": topic.last_no, f"space:{topic.space_id}": stamp(topic.last_post_at)}
    live.publish(kind="change", values=values, gate=f"space:{topic.space_id}")
