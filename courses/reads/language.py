"""Which language variant of a page to show."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from wagtail.models import Page

from kit.languages import preference
from kit.prepared import Given

PageT = TypeVar("PageT", bound=Page)


def best(pages: Iterable[PageT], language: str = "") -> PageT | None:
    """The variant for this reader, the oldest of one language; pages need their locale at hand."""
    order = {code: place for place, code in enumerate(preference(language))}
    return min(pages, key=lambda page: (order.get(page.locale.language_code, 99), page.pk), default=None)


def original_language(page: Any) -> str:
    """The name of the page's language where it is not the reader's, else ''; for the mark on the page."""
    code = page.locale.language_code
    return "" if code == get_language() else dict(settings.LANGUAGES).get(code, code)


def title_in_language(pages: QuerySet[Any], language: Given | str | None = None) -> Coalesce:
    """Expression: the title among these live pages (already tied to the outer row) in the reader's language, else the
    first one's, else the row's own.
    """
    live = pages.filter(live=True).order_by("pk")
    own = live.filter(locale__language_code=language or get_language() or settings.LANGUAGE_CODE)
    return Coalesce(Subquery(own.values("title")[:1]), Subquery(live.values("title")[:1]), "title")
