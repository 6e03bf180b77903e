"""A person's inbox leaves with them (kit.persons)."""

from typing import Any

from notices.models import Notice


def export_person(user: Any) -> dict[str, Any]:
    """All notices that the inbox holds."""
    return {"notices": list(Notice.objects.filter(user=user).values("kind", "title", "body", "url", "created_at", "read_at"))}


def erase_person(user: Any) -> None:
    """The inbox is the person's alone: all of it goes."""
    Notice.objects.filter(user=user).delete()
