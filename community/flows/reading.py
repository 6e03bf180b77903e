"""How far a person has read. A reader's own marks only ever move forward."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from community.flows.mentions import key_of
from community.models import Membership, Space, Topic
from kit.clock import now
from notices.flows import settle

_FORWARD = """
INSERT INTO community_readmark (user_id, topic_id, last_read_no) VALUES (%s, %s, %s)
ON CONFLICT (user_id, topic_id) DO UPDATE SET last_read_no = GREATEST(community_readmark.last_read_no, excluded.last_read_no)
"""


def mark_read(*, user: Any, topic: Topic, no: int, posts: Iterable[int] = ()) -> None:
    """The person has seen the topic up to post `no`. Notices about `posts` (ids) are settled: no mail follows."""
    with connection.cursor() as cursor:
        cursor.execute(_FORWARD, [user.pk, topic.pk, min(no, topic.last_no)])
    settle(user=user, keys=[key for post in posts for key in (f"post:{post}", key_of(post))])


@transaction.atomic
def mark_space_read(*, user: Any, space: Space) -> None:
    """Everything in the space up to now counts as read."""
    Membership.objects.filter(user=user, space=space, ended_at=None).update(read_at=now())
