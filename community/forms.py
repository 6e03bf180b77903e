"""What people type. Author, pinned, number and the like are never fields: nobody sets them through a form."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from community.access import Standing
from community.flows.writing import LONGEST_POST, LONGEST_TITLE
from community.models import Topic

MARKDOWN_WORKS = _("Markdown works: **bold**, *emphasis*, lists, links.")


def kinds_for(standing: Standing, now: str = "") -> list[tuple[Any, Any]]:
    """Kinds that this person may give a topic which is of the kind `now`."""
    if standing.may_moderate:
        return list(Topic.Kind.choices)
    if now == Topic.Kind.ANNOUNCEMENT:
        return [choice for choice in Topic.Kind.choices if choice[0] == now]
    return [choice for choice in Topic.Kind.choices if choice[0] != Topic.Kind.ANNOUNCEMENT]


def new_key() -> str:
    """Made with the empty form, sent with it: sending twice writes once."""
    return uuid4().hex


class KeyedForm(forms.Form):
    """A form whose double submit is harmless; an `Idempotency-Key` header takes the place of the field."""

    use_required_attribute = False
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput, initial=new_key)

    def sent_key(self, header: str) -> str:
        return header[:64] or self.cleaned_data.get("key") or new_key()


class WritingForm(KeyedForm):
    """With the editor: `round` is the state of the draft that it was filled from."""

    round = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=0)


class ReplyForm(WritingForm):
    answers = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    source = forms.CharField(
        label=_("Your reply"),
        error_messages={"required": _("Write something first.")},
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=MARKDOWN_WORKS,
    )


class TopicForm(WritingForm):
    kind = forms.ChoiceField(label=_("What kind of post is it?"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    source = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=MARKDOWN_WORKS,
    )
    offer = forms.ChoiceField(label=_("Offer shown in it"), required=False)

    def __init__(self, *args: Any, standing: Standing, offers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds_for(standing)  # type: ignore[attr-defined]
        if offers:
            self.fields["offer"].choices = [("", _("none")), *offers.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["offer"]


class EditForm(WritingForm):
    """A post; of the first one, the topic's title and kind too."""

    title = TopicForm.base_fields["title"]
    kind = forms.ChoiceField(label=_("What kind of post is it?"))
    source = forms.CharField(
        label=_("Text"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": 9}), help_text=MARKDOWN_WORKS
    )

    def __init__(self, *args: Any, standing: Standing, topic: Topic | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if topic is None:
            del self.fields["title"], self.fields["kind"]
        else:
            self.fields["kind"].choices = kinds_for(standing, topic.kind)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(label=_("Why?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
