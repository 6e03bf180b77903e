"""What a reader has begun to write in a topic, read along with the topic itself: its page asks no more often for it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject

from community.models import Attachment, Draft, HeldPost, Topic
from kit.prepared import Given

_DRAFT = ("source", "other", "answers_no", "round")
_FILE = ("id", "kind", "name", "size", "width", "height")


def begun_replies() -> dict[str, Any]:
    """Annotations for a prepared read of topics that takes `viewer`: see `draft_of` and `unsent_of`;
    `has_waiting`: something of theirs waits for a moderator."""
    place = Concat(Value("topic:"), Cast(OuterRef("pk"), CharField()))
    drafts = Draft.objects.filter(owner=Given("viewer"), place=place)
    files = Attachment.objects.filter(owner=Given("viewer"), place=place, post=None).order_by("pk")
    held = HeldPost.objects.filter(topic=OuterRef("pk"), author=Given("viewer"), state=HeldPost.State.WAITING)
    return {
        "draft_row": Subquery(drafts.annotate(row=JSONObject(**{name: F(name) for name in _DRAFT})).values("row")),
        "has_waiting": Exists(held),
        "unsent_rows": ArraySubquery(files.annotate(row=JSONObject(**{name: F(name) for name in _FILE})).values("row")),
    }


def draft_of(topic: Topic) -> Draft | None:
    """The reader's draft of a reply, or None."""
    row = topic.draft_row  # type: ignore[attr-defined]
    return Draft(**row) if row else None


def unsent_of(topic: Topic) -> list[Attachment]:
    """Files that the reader has stored for a reply."""
    return [Attachment(**row) for row in topic.unsent_rows or []]  # type: ignore[attr-defined]
