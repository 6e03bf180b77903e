"""Template tags that reach the kit: slots and things."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from kit import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: dict[str, Any], name: str, **place: Any) -> SafeString:
    """{% slot "course.buy" course=course %}: everything that upper rooms put here, rendered in order."""
    request = context.get("request")
    parts = [render_to_string(file, values, request=request) for file, values in slots.contents(name, request, **place)]
    return mark_safe("".join(parts))  # noqa: S308  (rendered templates)
