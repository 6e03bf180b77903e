"""Tags of sign-in pages."""

from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers import registry
from django import template

from accounts.webviews import working_providers

register = template.Library()


@register.simple_tag(takes_context=True)
def social_providers(context: dict[str, Any]) -> list[Any]:
    """Providers that are configured and work in this browser; asks nothing of the database where there are none."""
    if not registry.get_class_list():
        return []
    request = context["request"]
    return working_providers(request, get_adapter().list_providers(request))
