"""What people type about notes. Author, time and the like are never fields."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.flows.note_replies import LONGEST_COMMENT
from community.flows.notes import LONGEST_TEXT, LONGEST_TITLE
from community.forms import KeyedForm
from community.models.note import MOST_PICTURES

ACCEPT = "image/jpeg,image/png,image/webp"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Pictures(forms.FileField):
    """Several files at once, or none."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(Pictures, self).clean(file, initial) for file in data or []]


class NoteForm(KeyedForm):
    pictures = Pictures(
        label=_("Pictures"),
        required=False,
        widget=ManyFiles(attrs={"accept": ACCEPT}),
        help_text=_("Up to nine: JPEG, PNG or WebP, 8 MB each. Where they were taken is removed."),
    )
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    source = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("Markdown works: **bold**, *emphasis*, lists, links."),
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=300, required=False, help_text=_("Words with commas between, ten at most.")
    )

    def clean_pictures(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["pictures"]
        if len(files) > MOST_PICTURES:
            raise forms.ValidationError(_("Nine pictures at most."))
        return files

    @property
    def words(self) -> dict[str, Any]:
        """Title, source and the tags as a list, for the flow."""
        tags = self.cleaned_data["tags"].replace("，", ",").replace("、", ",").replace("#", ",").split(",")
        return {"title": self.cleaned_data["title"], "source": self.cleaned_data["source"], "tags": tags}


class PictureForm(forms.Form):
    alt = forms.CharField(label=_("What is seen, for those who cannot see it"), max_length=200, required=False)


class ThingForm(forms.Form):
    """`offered`: group → {reference: title}. Pressing the picture sends where, as browsers do for image buttons."""

    ref = forms.ChoiceField(label=_("What to tag"))

    def __init__(self, *args: Any, offered: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(group, list(rows.items())) for group, rows in offered.items() if rows]
        self.fields["ref"].choices = [("", _("Choose")), *groups]  # type: ignore[attr-defined]


class CommentForm(KeyedForm):
    source = forms.CharField(label=_("Your comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}))
