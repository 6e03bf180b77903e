"""What changes an account."""

from accounts.models import User


def choose_language(*, user: User, language: str) -> None:
    """Remember the language somebody reads."""
    user.language = language
    user.save(update_fields=["language"])
