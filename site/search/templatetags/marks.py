"""Found text, with what was looked for marked."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from search.marks import Piece

register = template.Library()


@register.filter
def marks(pieces: Iterable[Piece]) -> SafeString:
    """Pieces of a title or text as HTML, the hits in <mark>."""
    shown = (f"<mark>{escape(piece.text)}</mark>" if piece.is_hit else escape(piece.text) for piece in pieces)
    return mark_safe("".join(shown))  # noqa: S308  (escaped piece by piece)
