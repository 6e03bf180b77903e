"""Filters of lesson pages."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from courses.unlock_words import rule_in_words

register = template.Library()
# What would end a script element early, or begin a comment in it (HTML, "restrictions for contents of script elements").
_UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.filter
def json_ld(value: dict[str, Any]) -> SafeString:
    """Structured data for a script element: nothing in it can close the element."""
    return mark_safe(json.dumps(value, ensure_ascii=False).translate(_UNSAFE))  # noqa: S308  (escaped above)


@register.filter
def clock(seconds: int | None) -> str:
    """83 → "1:23", 3723 → "1:02:03"."""
    hours, rest = divmod(int(seconds or 0), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


@register.filter
def as_percent(share: float) -> int:
    """0.834 → 83."""
    return round(100 * share)


@register.filter
def unlock_rule(lesson: Any) -> str:
    """When the lesson opens, in words."""
    return rule_in_words(lesson)


@register.simple_tag
def media_address(base: str, pk: int) -> str:
    """Our own address of a lesson's file; the view behind it asks who may have it."""
    return f"{base}{pk}/"


@register.simple_tag
def spoken(item: Any) -> list[dict[str, Any]]:
    """Captions of a file: [{language, label, lines: [{second, text}]}]; asks no database."""
    return [
        {
            "language": language,
            "label": label,
            "lines": [{"second": int(start) // 1000, "text": text} for start, _end, text in item.captions[language]],
        }
        for language, label in settings.LANGUAGES
        if language in item.captions
    ]
