"""The front page (one query finds it, where Wagtail's routing takes eight), and what robots are told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from courses.reads.language import best, original_language
from kit.visitor_pages import kept_for_visitors
from pages.home import front_page
from pages.models import HomePage
from pages.sitemap import CLOSED, public_paths


@kept_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    """In the reader's language where it is translated, else the original; words of ours where nobody wrote any."""
    page = best(HomePage.objects.filter(live=True).select_related("locale", "hero")) or HomePage()
    return home_page(request, page)


def home_page(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Render one variant; a draft comes here from Wagtail's preview."""
    original = original_language(page) if page.locale_id else ""
    return render(request, "pages/home.html", {**front_page(page, request), "original": original})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where robots need not go, under every language, and where the map of the rest is."""
    prefixes = ["/", *(f"/{code}/" for code, _name in settings.LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: {prefix}{path}" for prefix in prefixes for path in CLOSED)]
    text = "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page with its alternates by language (sitemaps.org 0.9; Google's xhtml:link)."""
    context = {
        "site_url": settings.SITE_URL,
        "paths": public_paths(request),
        "codes": [code for code, _name in settings.LANGUAGES],
    }
    return render(request, "pages/sitemap.xml", context, content_type="application/xml; charset=utf-8")
