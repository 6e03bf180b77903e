"""The one screen of "Open the next class"."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.clock import local_date, now
from pages.guided.forms.fields import LineField, money_of
from pages.guided.forms.price import RULES, zone_choices
from pages.guided.next_class import NextClass

MOST_REST_DAYS = 40


class NextClassForm(forms.Form):
    name = LineField(label=_("Name of the class"), max_length=120)
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Ends on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=100_000)
    price = forms.CharField(label=_("Price"), max_length=20, required=False, help_text=_("Empty: as before."))
    start_rule = forms.ChoiceField(label=_("Day 1 begins"), choices=RULES, widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(label=_("Time zone of the class"), choices=zone_choices)
    rest_days = forms.CharField(
        label=_("Rest days"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A date a line, such as 2027-02-06. The last class's are not taken over."),
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, currency: str, prices: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        if not prices:
            del self.fields["price"]

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not key.isalnum() or not key.isascii() or not key.islower():
            raise forms.ValidationError(_("Please load the page again."))
        return key

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < local_date(now(), self.data.get("time_zone", "")):
            raise forms.ValidationError(_("This day is over."))
        return day

    def clean_rest_days(self) -> tuple[date, ...]:
        lines = self.cleaned_data["rest_days"].replace(",", "\n").split()
        try:
            days = tuple(sorted({date.fromisoformat(line) for line in lines}))
        except ValueError as error:
            raise forms.ValidationError(_("Please write each day as year-month-day.")) from error
        if len(days) > MOST_REST_DAYS:
            raise forms.ValidationError(_("These are too many rest days."))
        return days

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and not 0 <= (last - first).days < 1000:
            self.add_error("ends_on", _("The class ends after it starts."))
        self.amount = money_of(self, "price", self.currency, least=1) if data.get("price") else None
        return data

    def plan(self) -> NextClass:
        """What the flow takes."""
        fields = ("name", "starts_on", "ends_on", "seats", "time_zone", "start_rule", "rest_days")
        return NextClass(price=self.amount, **{field: self.cleaned_data[field] for field in fields})
