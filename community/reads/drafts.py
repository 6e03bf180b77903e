"""What a person has begun to write: one draft and its files by place."""

from typing import Any

from community.models import Attachment, Draft, Topic


def draft_at(user: Any, place: str) -> Draft | None:
    """The person's own draft at `place`, or None."""
    return Draft.objects.filter(owner=user, place=place).first() if user.is_authenticated else None


def unsent_files(user: Any, place: str) -> list[Attachment]:
    """What the person has stored at `place` and not sent."""
    return list(Attachment.objects.filter(owner=user, place=place, post=None)) if user.is_authenticated else []


def files_as_shown(files: list[Attachment]) -> list[dict[str, Any]]:
    """As `markup.shown` takes them."""
    names = ("kind", "name", "size", "width", "height")
    return [{"id": file.pk, **{name: getattr(file, name) for name in names}} for file in files]


def about_of(place: str) -> str:
    """What the topic of a place (`topic:12`, `post:99`) is about, or ""."""
    kind, _colon, ident = place.partition(":")
    topics = Topic.objects.filter(pk=ident) if kind == "topic" else Topic.objects.filter(posts=ident)
    return topics.values_list("about", flat=True).first() or ""
