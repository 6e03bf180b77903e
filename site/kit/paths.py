"""Paths of our own site."""

from django.conf import settings


def without_language(path: str) -> str:
    """`/en/courses/` → `/courses/`: what is stored or handed on opens in the language of whoever opens it."""
    head, _slash, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if head in dict(settings.LANGUAGES) else path


def site_address(path: str) -> str:
    """The full address of a path of ours for links, QR codes and mails: whoever gets it reads their own language."""
    return settings.SITE_URL.rstrip("/") + without_language(path)
