"""Accepting the answer to a question, thanking for a post."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from community import access
from community.errors import Refused
from community.flows.telling import tell_of_acceptance
from community.flows.writing import lock_topic
from community.models import Post, Reaction, Topic
from kit.clock import now


@transaction.atomic
def accept_answer(*, by: Any, topic: Topic, no: int | None) -> Topic:
    """Mark post `no` as the answer (None takes the mark back): by the asker or one who runs or helps the space."""
    locked = lock_topic(topic)
    standing = access.standing_in(by, locked.space)
    decides = standing is not None and (locked.author_id == by.pk or standing.role in access.HELPING or standing.may_moderate)
    if standing is None or not standing.may_write or not decides:
        raise Refused(_("Only who asked, or who runs the space, accepts an answer."))
    if locked.kind != Topic.Kind.QUESTION or locked.removed_at is not None:
        raise Refused(_("Only questions have an answer."))
    answer = Post.objects.select_related("author").filter(topic=locked, no=no, no__gt=1, removed_at=None).first()
    if no is not None and answer is None:
        raise Refused(_("There is no such answer."))
    locked.accepted_no = no
    locked.save(update_fields=["accepted_no"])
    if answer is not None and answer.author_id != by.pk:
        tell_of_acceptance(topic=locked, answer=answer, by=by)
    return locked


@transaction.atomic
def react(*, user: Any, post: Post, on: bool = True, kind: str = "thanks") -> None:
    """Thank for a post, or another kind of reaction, each once; or take it back. Not for one's own. Raises Refused."""
    standing = access.standing_in(user, post.topic.space)
    if standing is None or standing.membership is None or post.removed_at is not None or post.author_id == user.pk:
        raise Refused(_("Thanks come from members, for the posts of others."))
    if kind not in Reaction.Kind.values:
        raise Refused(_("There is no such reaction."))
    if standing.space.archived_at is not None:
        raise Refused(_("This space is archived: everything can be read, nothing is added."))
    if on:
        Reaction.objects.bulk_create([Reaction(post=post, user=user, kind=kind, at=now())], ignore_conflicts=True)
    else:
        Reaction.objects.filter(post=post, user=user, kind=kind).delete()
