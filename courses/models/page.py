"""Wagtail pages that present courses and lessons, one per language. Addresses are Django's (`courses.urls`)."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBody, Questions
from courses.models.course import Course, Lesson
from kit.blocks import StoryBody


class PathPage(Page):
    """A page whose address is a Django pattern of ours, not its place in Wagtail's tree."""

    class Meta:
        abstract = True

    def own_path(self) -> str:
        raise NotImplementedError

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        return parts and (parts[0], parts[1], self.own_path())


class CatalogPage(PathPage):
    """The folder of all courses in Wagtail's tree; shown at /courses/."""

    subpage_types = ["courses.CoursePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's catch-all knows this page by another path: lead to the one address."""
        return redirect(self.own_path())

    def own_path(self) -> str:
        return reverse("courses:catalogue")


class CoursePage(PathPage):
    """The landing page of a course in one language."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="pages")
    tagline = models.CharField(_("one line that says why"), max_length=160, blank=True)
    cover = models.ForeignKey("kit.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    story = StreamField(StoryBody(), blank=True, verbose_name=_("story"))
    teacher_story = models.TextField(_("about the teacher"), blank=True)
    outcomes = models.TextField(_("what one can do afterwards, a line each"), blank=True)
    questions = StreamField(Questions(), blank=True, verbose_name=_("questions and answers"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("tagline"),
        FieldPanel("cover", heading=_("cover picture")),
        FieldPanel("outcomes"),
        FieldPanel("story"),
        FieldPanel("teacher_story"),
        FieldPanel("questions"),
    ]
    parent_page_types = ["courses.CatalogPage"]
    subpage_types = ["courses.LessonPage"]
    # Pages come with their plain rows from courses.flows, never from Wagtail's "add child page" alone.
    is_creatable = False

    class Meta:
        verbose_name = _("course page")
        verbose_name_plural = _("course pages")

    def own_path(self) -> str:
        return reverse("courses:landing", args=[self.course.slug])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's catch-all knows this page by another path: lead to the one address."""
        return redirect(self.own_path())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """The draft as a visitor will see it, for its editors."""
        from courses.views.catalogue import landing_page  # the view imports these models

        return landing_page(request, self)


class LessonPage(PathPage):
    """A lesson's text in one language. Never served by Wagtail: `courses.access` decides who reads it."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="pages")
    goal = models.CharField(_("goal"), max_length=200, blank=True)
    body = StreamField(LessonBody(), blank=True, verbose_name=_("lesson"))

    content_panels = [*Page.content_panels, FieldPanel("goal"), FieldPanel("body")]
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    is_creatable = False

    class Meta:
        verbose_name = _("lesson page")
        verbose_name_plural = _("lesson pages")

    def own_path(self) -> str:
        return reverse("courses:lesson", args=[self.lesson.course.slug, self.lesson.slug])

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Reached only through Wagtail's catch-all: lead to the view that checks access."""
        return redirect(self.own_path())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> Any:
        """The draft as a student will see it, for its editors."""
        from courses.views.lesson import draft  # the view imports these models

        return draft(request, self)
