"""What people type in messages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.flows.messaging import LONGEST_MESSAGE
from community.forms import KeyedForm


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. They are looked at by the flow, one by one and by their content: here nothing is judged."""

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


class MessageForm(KeyedForm):
    """A message may be words, files, or both: the flow says so."""

    source = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    files = FilesField(label=_("Pictures and files"), required=False, widget=ManyFiles())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].fills_itself = True  # type: ignore[attr-defined]


class AnswerRulesForm(forms.Form):
    use_required_attribute = False
    hours = forms.IntegerField(label=_("I answer within (hours)"), required=False, min_value=1, max_value=720)
    away_text = forms.CharField(
        label=_("What is said while I am away"),
        help_text=_("Sent once in each conversation, with the day on which you are back."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CannedForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(label=_("Title"), max_length=60)
    source = forms.CharField(label=_("Text"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 4}))
