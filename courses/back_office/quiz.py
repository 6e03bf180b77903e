"""Quizzes in Wagtail's admin: written there by whoever answers for the course, chosen in its lessons."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.back_office.own import OwnChooser, OwnDeleteView, OwnEditView, OwnHistoryView, OwnUsageView, own_rows
from courses.models import Quiz
from courses.permissions import Can, taught_courses
from kit.clock import now


class QuizForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail is untyped
    """A quiz of one's own course; which one is settled when it is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course: forms.ModelChoiceField = self.fields["course"]
        course.queryset = taught_courses(self.for_user, Can.EDIT)
        course.disabled = self.instance.pk is not None
        self.instance.created_at = self.instance.created_at or now()


class QuizViewSet(SnippetViewSet):  # type: ignore[misc]
    """`Quiz` as a snippet, because lessons choose it by Wagtail's snippet chooser."""

    model = Quiz
    icon = "help"
    menu_label = _("Quizzes")
    menu_name = "course_quizzes"
    menu_order = 131
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["title", "course", "pass_percent"]
    search_fields = ["title"]
    edit_view_class = OwnEditView
    delete_view_class = OwnDeleteView
    usage_view_class = OwnUsageView
    history_view_class = OwnHistoryView
    chooser_viewset_class = OwnChooser
    edit_handler = ObjectList(
        [
            HelpPanel(content=_("What you change here counts for attempts that begin from now on.")),
            FieldPanel("course"),
            FieldPanel("title"),
            FieldRowPanel([FieldPanel("pass_percent"), FieldPanel("attempts"), FieldPanel("minutes")]),
            FieldPanel("shuffle"),
            FieldPanel("questions"),
        ],
        base_form_class=QuizForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quiz]:
        return own_rows(Quiz, request.user)
