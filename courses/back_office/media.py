"""A course's private files in Wagtail's admin: uploaded here, chosen in lessons, never of another's course."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import chooser, snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from accounts.roles import INSTRUCTOR, has_role, oversees
from courses.files import FileRefused, kind_of
from courses.flows import add_media
from courses.models import Media
from courses.permissions import Can, taught_courses, teaches

INSTRUCTORS_MAY = {"add", "change", "view"}


def own_media(user: Any) -> QuerySet[Media]:
    """The files of the courses this person answers for, newest first."""
    return Media.objects.filter(course__in=taught_courses(user, Can.EDIT)).select_related("course").order_by("-pk")


class MediaPolicy(ModelPermissionPolicy):  # type: ignore[misc]  # Wagtail is untyped
    """The owner may do everything; an instructor may add, see and rename, each file by who answers for its course.

    Deleting is the owner's: a file may stand in a revision that a class has pinned.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        return user.is_superuser or oversees(user) or (action in INSTRUCTORS_MAY and has_role(user, INSTRUCTOR))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Media) -> bool:
        return self.user_has_permission(user, action) and (user.is_superuser or teaches(user, instance.course, Can.EDIT))

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Media]:
        return own_media(user)


class UploadForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail is untyped
    """A new file of one's own course. Its type is read from its content."""

    file = forms.FileField(label=_("File"), help_text=_("MP3, M4A, WAV, OGG, MP4, WebM, JPEG, PNG, WebP or PDF."))

    class Meta:
        model = Media
        fields = ["course", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = taught_courses(self.for_user, Can.EDIT)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.MEDIA_MAX_BYTES:
            raise ValidationError(_("The file is too large."))
        if kind_of(file.read(64)) is None:
            raise ValidationError(_("This is no recording, film, picture or PDF."))
        return file


class RenameForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail is untyped
    class Meta:
        model = Media
        fields = ["title"]


class Own:
    """A view of one file: another's is not there."""

    request: HttpRequest
    # Django would call it `media` after the model, which is Wagtail's name for a page's scripts and styles.
    context_object_name = "item"

    def get_object(self, queryset: Any = None) -> Media:
        item: Media = super().get_object(queryset) if queryset else super().get_object()  # type: ignore[misc]
        if not (self.request.user.is_superuser or teaches(self.request.user, item.course, Can.EDIT)):  # type: ignore[union-attr]
            raise Http404
        return item


class AddView(snippets.CreateView):  # type: ignore[misc]  # Wagtail is untyped
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except FileRefused as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)

    def save_instance(self) -> Media:
        data = self.form.cleaned_data
        return add_media(course=data["course"], file=data["file"], title=data["title"])


class EditView(Own, snippets.EditView):  # type: ignore[misc]
    pass


class DeleteView(Own, snippets.DeleteView):  # type: ignore[misc]
    pass


class UsageView(Own, snippets.UsageView):  # type: ignore[misc]
    pass


class HistoryView(Own, snippets.HistoryView):  # type: ignore[misc]
    pass


class OwnChoices:
    """The chooser's lists: one's own files."""

    request: HttpRequest

    def get_object_list(self) -> QuerySet[Media]:
        return own_media(self.request.user)


class ChooseView(OwnChoices, chooser.ChooseView):  # type: ignore[misc]
    pass


class ChooseResultsView(OwnChoices, chooser.ChooseResultsView):  # type: ignore[misc]
    pass


class ChosenView(chooser.SnippetChosenView):  # type: ignore[misc]
    def get_object(self, pk: Any) -> Media:
        return own_media(self.request.user).get(pk=pk)


class ChosenMultipleView(chooser.SnippetChosenMultipleView):  # type: ignore[misc]
    def get_objects(self, pks: Any) -> QuerySet[Media]:
        return own_media(self.request.user).filter(pk__in=pks)


class MediaChooser(chooser.SnippetChooserViewSet):  # type: ignore[misc]
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView


class MediaViewSet(SnippetViewSet):  # type: ignore[misc]
    """`Media` as a snippet, because lessons choose it by Wagtail's snippet chooser."""

    model = Media
    icon = "media"
    menu_label = _("Media")
    menu_name = "course_media"
    menu_order = 130
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["title", "kind", "course"]
    list_filter = ["kind"]
    search_fields = ["title"]
    add_view_class = AddView
    edit_view_class = EditView
    delete_view_class = DeleteView
    usage_view_class = UsageView
    history_view_class = HistoryView
    chooser_viewset_class = MediaChooser

    def get_queryset(self, request: HttpRequest) -> QuerySet[Media]:
        return own_media(request.user)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return RenameForm if for_update else UploadForm
