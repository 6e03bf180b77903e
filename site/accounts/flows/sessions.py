"""Ending visits."""

from django.db.models import F

from accounts.models import User


def end_sessions(*, user: User) -> None:
    """End every session of this person, whichever device it is on: their hashes hold the old round."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
