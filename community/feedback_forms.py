"""What people type on the feedback board."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.flows.feedback import BY_HAND, LONGEST_ANSWER
from community.flows.writing import LONGEST_POST, LONGEST_TITLE
from community.forms import KeyedForm
from community.models import Wish
from community.reads.feedback import LIVING, mergeable


class WishForm(KeyedForm):
    title = forms.CharField(label=_("What do you wish for?"), max_length=LONGEST_TITLE)
    source = forms.CharField(
        label=_("When would you need it, and what do you do today?"),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(forms.Form):
    use_required_attribute = False
    state = forms.ChoiceField(label=_("State"), choices=[choice for choice in Wish.State.choices if choice[0] in BY_HAND])
    answer = forms.CharField(
        label=_("Your answer"), required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 4})
    )


class WishChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.topic.title} ({obj.votes})"


class MergeForm(forms.Form):
    """Into which other wish; by its place in the list of those that live."""

    use_required_attribute = False
    into = WishChoice(label=_("The same as"), queryset=Wish.objects.none())

    def __init__(self, *args: Any, wish: Wish, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = mergeable(wish)  # type: ignore[attr-defined]


class WishChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.topic.title} ({obj.votes})"


class ReleaseForm(KeyedForm):
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    source = forms.CharField(label=_("What is new"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": 8}))
    wishes = WishChoices(
        label=_("Wishes that it fulfils"),
        required=False,
        queryset=Wish.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They become done, and who voted for them is told once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Wish.objects.filter(merged_into=None, topic__removed_at=None, state__in=LIVING).select_related("topic")
        self.fields["wishes"].queryset = rows.order_by("-votes", "-pk")  # type: ignore[attr-defined]
