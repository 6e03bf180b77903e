"""How the kinds of topics look."""

from django import template
from django.utils.translation import gettext

from community.models import Membership, Space, Topic

register = template.Library()
_ICONS = {
    Topic.Kind.QUESTION: "question",
    Topic.Kind.EXPERIENCE: "heart",
    Topic.Kind.WORK: "music",
    Topic.Kind.DEAL: "tag",
    Topic.Kind.WANTED: "search",
    Topic.Kind.ANNOUNCEMENT: "flag",
}
_TONES = {
    Topic.Kind.QUESTION: "info",
    Topic.Kind.EXPERIENCE: "koa",
    Topic.Kind.WORK: "night",
    Topic.Kind.DEAL: "warn",
    Topic.Kind.WANTED: "",
    Topic.Kind.ANNOUNCEMENT: "accent",
}


@register.filter
def kind_icon(kind: str) -> str:
    """Symbol of a kind of topic."""
    return _ICONS.get(Topic.Kind(kind), "chat")


@register.filter
def kind_tone(kind: str) -> str:
    """Tone of its badge."""
    return _TONES.get(Topic.Kind(kind), "")


@register.filter
def kind_label(kind: str) -> str:
    """A kind in words. (`get_kind_display` translates every choice to find one: dear in a long board.)"""
    return str(Topic.Kind(kind).label)


@register.filter
def role_label(role: str, space: Space) -> str:
    """A role in words; nothing for an ordinary member. Who owns the space of a class is its teacher."""
    if role == Membership.Role.OWNER and space.about.startswith("cohort:"):
        return gettext("teacher")
    return str(Membership.Role(role).label) if role else ""
