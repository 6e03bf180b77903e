"""A person's inbox leaves with them (kit.persons)."""

from typing import Any

from notices.models import LetterConsent, Notice


def export_person(user: Any) -> dict[str, Any]:
    """All notices that the inbox holds."""
    rows = Notice.objects.filter(user=user).order_by("pk")
    consent = LetterConsent.objects.filter(user=user).first()
    return {"notices": [_exported(row) for row in rows], "wants_letters_since": consent.given_at if consent else None}


def _exported(row: Notice) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "title": row.headline,
        "body": row.text,
        "url": row.url,
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


def erase_person(user: Any) -> None:
    """The inbox is the person's alone: all of it goes."""
    Notice.objects.filter(user=user).delete()
    LetterConsent.objects.filter(user=user).delete()
