"""The front page: one query finds it, where Wagtail's routing takes eight."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from courses.reads.language import best, original_language
from kit.visitor_pages import kept_for_visitors
from pages.home import front_page
from pages.models import HomePage


@kept_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    """In the reader's language where it is translated, else the original; words of ours where nobody wrote any."""
    page = best(HomePage.objects.filter(live=True).select_related("locale", "hero")) or HomePage()
    return home_page(request, page)


def home_page(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Render one variant; a draft comes here from Wagtail's preview."""
    original = original_language(page) if page.locale_id else ""
    return render(request, "pages/home.html", {**front_page(page, request), "original": original})
