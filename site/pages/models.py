"""Marketing pages: the home page, articles, and what a teacher sets without code."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from kit.blocks import StoryBody


class HomePage(Page):
    """/: who teaches here and what."""

    headline = models.CharField(_("headline"), max_length=120, blank=True)
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    hero = models.ForeignKey("kit.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    story = StreamField(StoryBody(), blank=True, verbose_name=_("story"))

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("tagline"), FieldPanel("hero"), FieldPanel("story")]
    template = "pages/home.html"
    subpage_types = ["courses.CatalogPage", "pages.ArticlePage"]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """In the reader's language where it is translated, else the original."""
        return super(HomePage, self.localized.specific).serve(request, *args, **kwargs)


class ArticlePage(Page):
    """An article or a plain page such as terms; offers may stand in it."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    body = StreamField(StoryBody(), blank=True, verbose_name=_("text"))

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    template = "pages/article.html"
    subpage_types: list[str] = []
