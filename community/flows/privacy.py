"""Leaving for good: what the community holds of a person (kit.persons)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from community.flows.files import erase_files
from community.models import (
    Attachment,
    Draft,
    FeedItem,
    Follow,
    Membership,
    Mention,
    Post,
    PostVersion,
    Reaction,
    ReadMark,
    Report,
    Watch,
)
from kit.clock import now


def export_person(user: Any) -> dict[str, Any]:
    """Places, posts with their sources, thanks given and reports made."""
    posts = Post.objects.filter(author=user).order_by("created_at", "pk")
    return {
        "spaces": list(Membership.objects.filter(user=user).values("space__name", "role", "joined_at", "ended_at")),
        "posts": list(
            posts.values("topic__space__name", "topic__title", "no", "source", "created_at", "edited_at", "removed_at")
        ),
        "follows": list(Follow.objects.filter(user=user).values("person__profile__handle", "since")),
        "follows_places": list(Watch.objects.filter(user=user).values("space__name", "topic__title", "since")),
        "thanks": list(Reaction.objects.filter(user=user).values("post__topic__title", "post__no", "kind", "at")),
        "versions": list(
            PostVersion.objects.filter(post__author=user).values("post__topic__title", "post__no", "title", "source", "at")
        ),
        "drafts": list(Draft.objects.filter(owner=user).values("place", "kind", "title", "source", "other", "updated_at")),
        "files": list(
            Attachment.objects.filter(owner=user).values("name", "content_type", "size", "post__topic__title", "created_at")
        ),
        "mentions": list(Mention.objects.filter(user=user).values("post__topic__title", "post__no", "handle")),
        "reports": list(Report.objects.filter(reporter=user).values("post__topic__title", "post__no", "reason", "at")),
    }


@transaction.atomic
def erase_person(user: Any) -> None:
    """Places end, marks, thanks, drafts, files and earlier versions go. Posts stay for those who answered them, by an author
    without a name.
    """
    erase_files(Attachment.objects.filter(owner=user))
    PostVersion.objects.filter(post__author=user).delete()
    Draft.objects.filter(owner=user).delete()
    Mention.objects.filter(user=user).delete()
    Membership.objects.filter(user=user, ended_at=None).update(ended_at=now())
    Follow.objects.filter(Q(user=user) | Q(person=user)).delete()
    Watch.objects.filter(user=user).delete()
    FeedItem.objects.filter(actor=user).delete()
    ReadMark.objects.filter(user=user).delete()
    Reaction.objects.filter(user=user).delete()
    Report.objects.filter(reporter=user).delete()
