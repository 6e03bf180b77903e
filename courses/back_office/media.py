"""A course's private files in Wagtail's admin: uploaded here, chosen in lessons, never of another's course."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.back_office.own import OwnChooser, OwnDeleteView, OwnEditView, OwnHistoryView, OwnUsageView, own_rows
from courses.files import FileRefused, kind_of
from courses.flows import add_media
from courses.models import Media
from courses.permissions import Can, taught_courses


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
    edit_view_class = OwnEditView
    delete_view_class = OwnDeleteView
    usage_view_class = OwnUsageView
    history_view_class = OwnHistoryView
    chooser_viewset_class = OwnChooser

    def get_queryset(self, request: HttpRequest) -> QuerySet[Media]:
        return own_rows(Media, request.user)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return RenameForm if for_update else UploadForm
