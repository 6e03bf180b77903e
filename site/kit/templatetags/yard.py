"""Template tags that reach the kit: slots, things, time."""

from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from kit import slots
from kit.clock import now

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: dict[str, Any], name: str, **place: Any) -> SafeString:
    """{% slot "course.buy" course=course %}: everything that upper rooms put here, rendered in order."""
    request = context.get("request")
    parts = [render_to_string(file, values, request=request) for file, values in slots.contents(name, request, **place)]
    return mark_safe("".join(parts))  # noqa: S308  (rendered templates)


@register.filter
def ago(moment: datetime | None) -> str:
    """{{ post.created_at|ago }}: "just now", "5 minutes ago", within a week; then the date in the reader's zone."""
    if not moment:  # a template hands on "" for what is not there
        return ""
    seconds = int((now() - moment).total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 1:
        return gettext("just now")
    if hours < 1:
        return ngettext("%(count)d minute ago", "%(count)d minutes ago", minutes) % {"count": minutes}
    if days < 1:
        return ngettext("%(count)d hour ago", "%(count)d hours ago", hours) % {"count": hours}
    if days < 7:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
