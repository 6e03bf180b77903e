"""Step 3: the price, and the class that one buys a seat in."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort
from kit.clock import available_zones, local_date, now
from kit.money import CURRENCIES, SYMBOLS
from pages.guided.draft import Draft
from pages.guided.forms.fields import LineField, money_of, plain_amount

RULES = [
    (Cohort.StartRule.DATE, _("On the start date, for all")),
    (Cohort.StartRule.DELIVERY, _("When the parcel has arrived, but not before the start date (needs a kit)")),
]


def zone_choices() -> list[tuple[str, str]]:
    """Places that people know; names without a region are technical."""
    return [
        (name, name.replace("_", " "))
        for name in sorted(available_zones())
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    ]


class PriceForm(forms.Form):
    price = forms.CharField(
        label=_("Price"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, f"{code} {SYMBOLS[code].strip()}") for code in CURRENCIES])
    name = LineField(label=_("Name of the class"), max_length=120)
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=100_000, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    start_rule = forms.ChoiceField(label=_("Day 1 begins"), choices=RULES, widget=forms.RadioSelect)
    time_zone = forms.ChoiceField(
        label=_("Time zone of the class"),
        help_text=_("The start date is a day there. Each student's lessons open in the student's own zone."),
    )

    amount: int

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        self.draft = draft
        super().__init__(*args, initial=_saved(draft), **kwargs)
        self.fields["time_zone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean_starts_on(self) -> date:
        """A day to come; the date of a class that runs may stay."""
        day: date = self.cleaned_data["starts_on"]
        cohort = self.draft.cohort
        if not (cohort and cohort.starts_on == day) and day < local_date(now(), self.data.get("time_zone", "")):
            raise forms.ValidationError(_("This day is over."))
        if day.year > local_date(now(), "UTC").year + 10:
            raise forms.ValidationError(_("This is more than ten years away."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "currency" in data and (amount := money_of(self, "price", data["currency"], least=1)) is not None:
            self.amount = amount
        return data


def _saved(draft: Draft) -> dict[str, Any]:
    zone = draft.course.teacher.time_zone
    first = {
        "currency": settings.SHOP_CURRENCY,
        "name": gettext("Class 1"),
        "seats": 20,
        "time_zone": zone,
        "starts_on": local_date(now(), zone) + timedelta(days=14),
        "start_rule": Cohort.StartRule.DATE,
    }
    cohort, price = draft.cohort, draft.price
    if cohort is None or price is None:
        return first
    return {
        "price": plain_amount(price.amount, price.currency),
        "currency": price.currency,
        "name": cohort.name,
        "starts_on": cohort.starts_on,
        "seats": draft.on_hand(cohort.seat_ref),
        "time_zone": cohort.time_zone,
        "start_rule": cohort.start_rule,
    }
