"""Marketing pages: the home page, articles, and what a teacher sets without code."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
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

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("tagline"),
        FieldPanel("hero", heading=_("large picture")),
        FieldPanel("story"),
    ]
    template = "pages/home.html"
    subpage_types = ["courses.CatalogPage", "pages.ArticlePage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's catch-all knows translations by other paths: lead to the one address."""
        return redirect("pages:home")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """The draft as a visitor will see it, for its editors."""
        from pages.views import home_page  # the view imports these models

        return home_page(request, self)


class ArticlePage(Page):
    """An article or a plain page such as terms; offers may stand in it."""

    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    body = StreamField(StoryBody(), blank=True, verbose_name=_("text"))

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    template = "pages/article.html"
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "og_title": self.title, "og_description": self.intro, "og_type": "article"}
