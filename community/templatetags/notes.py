"""Notes and badges in templates."""

from dataclasses import replace
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from community.models import Badge
from kit.templatetags.design import piece
from kit.things import Card

register = template.Library()


@register.simple_tag
def note_tile(note: Any, badges: dict[int, list[str]]) -> SafeString:
    """A note as `reads.notes.wall` gives it."""
    return piece(
        "note_tile",
        title=note.title,
        href=note.path,
        picture=note.tile,
        who=note.author.display_name,
        image=note.face,
        likes=note.likes_count,
        badge=comment_badge(badges, note.author_id),
    )


@register.simple_tag
def badges_of(badges: dict[int, list[str]], person: int) -> list[str]:
    """The kinds of a person's badges."""
    return badges.get(person, [])


@register.simple_tag
def comment_badge(badges: dict[int, list[str]], person: int) -> str:
    """The first of a person's badges in words, or ''."""
    kinds = badges.get(person, [])
    if not kinds:
        return ""
    return gettext("helper") if kinds[0] == Badge.Kind.HELPER else gettext("creator")


@register.simple_tag
def person_href(handle: str) -> str:
    """The address of a person's public page, or ''."""
    return reverse("people:person", args=[handle]) if handle else ""


@register.simple_tag
def thing_line(card: Card, href: str) -> SafeString:
    """A thing as a plain link by way of `href`."""
    return render_to_string("design/thing.html", {"card": replace(card, url=href)})


@register.simple_tag
def press_picture(row: Any, address: str, width: int) -> SafeString:
    """A picture to press: the press sends where."""
    height = max(1, width * row.picture.height // row.picture.width)
    label = row.alt or gettext("Picture %(number)s") % {"number": row.position}
    return piece("press_picture", name=f"at-{row.pk}", address=address, label=label, width=width, height=height)
