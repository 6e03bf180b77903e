"""What people type. Author, pinned, number and the like are never fields: nobody sets them through a form."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from community.access import Standing
from community.flows.writing import LONGEST_POST, LONGEST_TITLE
from community.models import Topic


def new_key() -> str:
    """Made with the empty form, sent with it: sending twice writes once."""
    return uuid4().hex


class KeyedForm(forms.Form):
    """A form whose double submit is harmless; an `Idempotency-Key` header takes the place of the field."""

    use_required_attribute = False
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput, initial=new_key)

    def sent_key(self, header: str) -> str:
        return header[:64] or self.cleaned_data.get("key") or new_key()


class ReplyForm(KeyedForm):
    source = forms.CharField(
        label=_("Your reply"),
        error_messages={"required": _("Write something first.")},
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown works: **bold**, *emphasis*, lists, links."),
    )


class TopicForm(KeyedForm):
    kind = forms.ChoiceField(label=_("What kind of post is it?"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    source = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Markdown works: **bold**, *emphasis*, lists, links."),
    )
    offer = forms.ChoiceField(label=_("Offer shown in it"), required=False)

    def __init__(self, *args: Any, standing: Standing, offers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [choice for choice in Topic.Kind.choices if choice[0] != Topic.Kind.ANNOUNCEMENT or standing.may_moderate]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        if offers:
            self.fields["offer"].choices = [("", _("none")), *offers.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["offer"]


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
