"""The picture that a messenger shows beside a shared link: a room says what stands on it, pages/cards.py draws it.

Rooms register in `AppConfig.ready()`; whoever renders a page asks `address` for its og:image.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class ShareCard:
    """`price` may be ''; `art` names a file in the public bucket, '' for none. Nothing on it is secret."""

    title: str
    price: str
    art: str


Provider = Callable[[str], ShareCard | None]
_providers: dict[str, Provider] = {}


def register(kind: str, provider: Provider) -> None:
    """`provider(slug)`: what everybody may see of it now, in the active language; None for nothing."""
    _providers[kind] = provider


def card(kind: str, slug: str) -> ShareCard | None:
    """What stands on a card, or None."""
    return _providers[kind](slug) if kind in _providers else None


def address(kind: str, slug: str) -> str:
    """The absolute address of the card in the page's language: whoever draws a preview has none of their own."""
    return f"{settings.SITE_URL.rstrip('/')}/{(get_language() or settings.LANGUAGE_CODE).lower()}/cards/{kind}/{slug}.jpg"
