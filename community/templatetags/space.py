"""The owners' pages of a space, as tabs."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from community.models import Space

register = template.Library()


@register.simple_tag(takes_context=True)
def owner_tabs(context: template.Context) -> list[tuple[str, str, bool]]:
    """[(label, address, whether it is the page shown, by the context's `here`)] of the context's `space`."""
    space: Space = context["space"]
    pages = [
        ("space_settings", _("Settings")),
        ("passes", _("Codes and invitations")),
        ("calendar", _("Calendar")),
        ("members", _("Members")),
        ("copy_space", _("Copy and archive")),
    ]
    if space.way == Space.Way.ANSWERS:
        pages.insert(2, ("applications", _("Applications")))
    return [(label, reverse(f"community:{name}", args=[space.slug]), name == context.get("here")) for name, label in pages]
