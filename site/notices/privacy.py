"""A person's inbox leaves with them (kit.persons)."""

from typing import Any

from notices.models import Choice, Digest, LetterConsent, Notice, QuietHours


def export_person(user: Any) -> dict[str, Any]:
    """All notices that the inbox holds."""
    rows = Notice.objects.filter(user=user).order_by("pk")
    consent = LetterConsent.objects.filter(user=user).first()
    return {
        "notices": [_exported(row) for row in rows],
        "wants_letters_since": consent.given_at if consent else None,
        "choices": list(Choice.objects.filter(user=user).order_by("pk").values("group", "place", "how")),
        "quiet_hours": list(QuietHours.objects.filter(user=user).values("start", "end")),
        "digests": list(Digest.objects.filter(user=user).order_by("pk").values("rhythm", "day", "sent_at")),
    }


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
    for model in (LetterConsent, Choice, QuietHours, Digest):
        model.objects.filter(user=user).delete()
