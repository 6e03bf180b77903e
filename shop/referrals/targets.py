"""What a link may lead to, to choose from."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from community.note_access import shown_notes
from courses.reads.catalogue import announced_courses
from kit.paths import without_language
from shop.catalogue.reads import live_offers

MOST, MOST_NOTES = 100, 30
Choices = list[tuple[str, list[tuple[str, str]]]]


def choices() -> Choices:
    """Groups of (path, title): courses, offers, the newest notes, pages, in the active language. Five queries."""
    courses = [(reverse("courses:landing", args=[page.course.slug]), page.title) for page in announced_courses()[:MOST]]
    offers = [(reverse("catalogue:offer", args=[offer.slug]), offer.title) for offer in live_offers()[:MOST]]
    notes = [(note.path, note.title) for note in shown_notes().order_by("-published_at", "-pk")[:MOST_NOTES]]
    groups = [(_("Courses"), courses), (_("In the shop"), offers), (_("Notes"), notes), (_("Pages"), _pages())]
    return [(name, [(without_language(path), title) for path, title in rows]) for name, rows in groups if rows]


def _pages() -> list[tuple[str, str]]:
    """The start, the lists, and articles of the site."""
    fixed = [
        ("/", _("Home")),
        (reverse("courses:catalogue"), _("All courses")),
        (reverse("catalogue:shop"), _("Shop")),
        (reverse("community:spaces"), _("Community")),
    ]
    articles = Page.objects.live().public().filter(content_type__model="articlepage", locale__language_code=get_language())
    return [*fixed, *((_path(page), page.title) for page in articles.order_by("title")[:MOST])]


def _path(page: Any) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts else "/"
