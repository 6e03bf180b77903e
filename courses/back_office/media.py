"""A course's private files in Wagtail's admin: uploaded here, chosen in lessons, never of another's course."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from courses.back_office.own import OwnChooser, OwnDeleteView, OwnEditView, OwnHistoryView, OwnUsageView, own_rows
from courses.captions import CaptionsRefused, from_file, read_cues, write_cues
from courses.files import FileRefused, kind_of
from courses.flows import add_media, save_captions
from courses.models import Media
from courses.permissions import Can, taught_courses

MOST_BYTES = 1_000_000


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind not in (Media.Kind.AUDIO, Media.Kind.VIDEO):
            return
        for language, name in settings.WAGTAIL_CONTENT_LANGUAGES:
            cues = self.instance.captions.get(language)
            self.fields[f"captions {language}"] = forms.CharField(
                label=format_lazy("{} · {}", _("Captions"), name),
                help_text=_("WebVTT: WEBVTT, an empty line, then 00:01.000 --> 00:04.000 and the words below it."),
                required=False,
                max_length=MOST_BYTES,
                strip=False,
                initial=write_cues(cues) if cues else "",
                widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "true", "lang": language}),
            )
            self.fields[f"file {language}"] = forms.FileField(
                label=format_lazy("{} · {}", _("Captions from a file (.vtt, .srt)"), name),
                help_text=_("It takes the place of what stands above."),
                required=False,
                widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for name in [name for name in data if name.startswith("file ") and data[name]]:
            self._take_file(data, name)
        for name in [name for name in data if name.startswith("captions ")]:
            try:
                read_cues(data[name])
            except CaptionsRefused as error:
                self.add_error(name, str(error))
        return data

    def _take_file(self, data: dict[str, Any], name: str) -> None:
        """Its text stands in the field then, so that what is wrong with it is said there, by line."""
        if data[name].size > MOST_BYTES:
            self.add_error(name, _("The file is too large."))
            return
        try:
            data[f"captions {name.removeprefix('file ')}"] = from_file(data[name].read())
        except CaptionsRefused as error:
            self.add_error(name, str(error))

    def sources(self) -> dict[str, str]:
        """{language: WebVTT} as sent."""
        data = self.cleaned_data
        return {name.removeprefix("captions "): data[name] for name in data if name.startswith("captions ")}


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


class EditView(OwnEditView):
    def save_instance(self) -> Media:
        item: Media = super().save_instance()
        if sources := self.form.sources():
            save_captions(media=item, sources=sources)
        return item


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
    # A field that the form at hand does not have is left out.
    panels = [
        *(FieldPanel(name) for name in ("course", "title", "file")),
        *(FieldPanel(f"captions {language}") for language, _name in settings.WAGTAIL_CONTENT_LANGUAGES),
    ]
    add_view_class = AddView
    edit_view_class = EditView
    delete_view_class = OwnDeleteView
    usage_view_class = OwnUsageView
    history_view_class = OwnHistoryView
    chooser_viewset_class = OwnChooser

    def get_queryset(self, request: HttpRequest) -> QuerySet[Media]:
        return own_rows(Media, request.user)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return RenameForm if for_update else UploadForm
