"""The forms of /notices/settings/: one list to choose from for each group."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices import flows
from notices.choices import BY_DEFAULT, chosen_by
from notices.groups import ALL, Group, How
from notices.models import QuietHours

TIME = {"type": "time"}


class ChoicesForm(forms.Form):
    """How each group comes, and the quiet hours."""

    use_required_attribute = False
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput(TIME, format="%H:%M"))
    quiet_until = forms.TimeField(label=_("until"), required=False, widget=forms.TimeInput(TIME, format="%H:%M"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user, self.chosen = user, chosen_by(user)
        quiet = QuietHours.objects.filter(user=user).first()
        times = {"quiet_from": quiet.start, "quiet_until": quiet.end} if quiet else {}
        super().__init__(*args, initial=times, **kwargs)
        for group in _choosable():
            self.fields[group.name] = forms.ChoiceField(
                label=group.label, help_text=group.about, choices=How.choices, initial=self.chosen.get(group.name, BY_DEFAULT)
            )

    @property
    def group_fields(self) -> list[forms.BoundField]:
        return [self[group.name] for group in _choosable()]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        start, end = values.get("quiet_from"), values.get("quiet_until")
        if not self.has_error("quiet_from") and not self.has_error("quiet_until"):
            if (start is None) != (end is None):
                self.add_error("quiet_until", _("Quiet hours need both times, or none."))
            elif start is not None and start == end:
                self.add_error("quiet_until", _("Choose another end."))
        return values

    def apply(self) -> None:
        for group in _choosable():
            how = self.cleaned_data[group.name]
            if how != self.chosen.get(group.name, BY_DEFAULT):
                flows.choose(user=self.user, group=group.name, how=how)
        values = self.cleaned_data
        flows.set_quiet_hours(user=self.user, start=values["quiet_from"], end=values["quiet_until"])


class PlaceForm(forms.Form):
    """The same for what comes from one space; empty: as everywhere."""

    use_required_attribute = False

    def __init__(self, *args: Any, user: Any, place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.place, self.chosen = user, place, chosen_by(user, place)
        for group in _choosable():
            if group.in_spaces:
                self.fields[group.name] = forms.ChoiceField(
                    label=group.label,
                    help_text=group.about,
                    required=False,
                    choices=[("", _("as in all spaces")), *How.choices],
                    initial=self.chosen.get(group.name, ""),
                )

    def apply(self) -> None:
        for name, how in self.cleaned_data.items():
            if how != self.chosen.get(name, ""):
                flows.choose(user=self.user, group=name, how=how, place=self.place)


def _choosable() -> list[Group]:
    return [group for group in ALL if not group.is_fixed]
