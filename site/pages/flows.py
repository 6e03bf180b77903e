"""The ground that every installation stands on: languages, home page, catalogue."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from courses.models import CatalogPage
from pages.models import HomePage


@transaction.atomic
def ensure_site() -> HomePage:
    """Make locales, roots, home page, catalogue and Wagtail's site where they are missing. Safe to repeat."""
    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    locale = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    root = Page.objects.filter(depth=1).first() or Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        Page.objects.filter(depth=2, slug="home").delete()  # Wagtail's own welcome page
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title=settings.WAGTAIL_SITE_NAME, slug="home", locale=locale))
    if not CatalogPage.objects.child_of(home).exists():
        home.add_child(instance=CatalogPage(title="Courses", slug="courses", locale=locale))
    site, created = Site.objects.get_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
    )
    if not created and site.root_page_id != home.pk:
        site.root_page = home
        site.save()
    return home


@transaction.atomic
def write_home(*, language: str, headline: str, tagline: str, hero: Any, story: Sequence[dict[str, Any]]) -> HomePage:
    """Write and publish the home page in one language, made from the original where it is missing. `story` is raw
    StreamField data."""
    locale = Locale.objects.get(language_code=language)
    original = HomePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    page: HomePage = HomePage.objects.filter(locale=locale).first() or original.copy_for_translation(locale)
    page.headline, page.tagline, page.hero, page.story = headline, tagline, hero, list(story)
    page.save_revision().publish()
    return page


def ensure_site_after_migrate(sender: Any, **kwargs: Any) -> None:
    # A flushed database numbers content types anew, and this runs before Django forgets the old numbers.
    ContentType.objects.clear_cache()
    ensure_site()
