"""/people/<handle>/: a teacher's or member's public page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import public_profile
from accounts.roles import INSTRUCTOR, has_role
from accounts.views.works import works_of
from kit.embeds import embed_of
from kit.pictures import picture_urls

SQUARE = "fill-320x320|format-webp"


def person(request: HttpRequest, handle: str) -> HttpResponse:
    """Name, portrait and words of their own; upper rooms add what they know (slot person.page)."""
    profile = public_profile(request.user, handle)
    portrait = picture_urls([profile.portrait], SQUARE).get(profile.portrait_id or 0, "")
    context = {
        "profile": profile,
        "person": profile.user,
        "teaches": has_role(profile.user, INSTRUCTOR),
        "portrait": portrait,
        "works": works_of(profile.user),
        "film": embed_of(profile.film),
        "film_facts": {"url": profile.film, "caption": ""},
        "og_title": profile.user.display_name,
        "og_description": profile.bio[:200],
    }
    return render(request, "account/person.html", context)
