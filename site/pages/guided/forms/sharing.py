"""Step 5: what a referrer earns."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.guided.draft import Draft
from shop.referrals.rules import Rules

PERCENT = {"min_value": 0, "max_value": 100, "decimal_places": 2, "max_digits": 5}


class SharingForm(forms.Form):
    seat = forms.DecimalField(label=_("Of the course (%)"), **PERCENT)
    stock = forms.DecimalField(label=_("Of the kit (%)"), **PERCENT)
    own_agreement = forms.BooleanField(
        label=_("Referrers agree to this course's rules separately"),
        help_text=_("Otherwise whoever has agreed to the school's rules earns on this course at once, if its rules are equal."),
        required=False,
    )

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        rules = draft.rules or Rules()
        initial = {kind: f"{Decimal(rules.rate_of(kind)) / 100:g}" for kind in ("seat", "stock")}
        own = draft.programme is not None and draft.programme.own_agreement
        super().__init__(*args, initial={**initial, "own_agreement": own}, **kwargs)
        self.kept = rules
        if draft.kit is None:
            del self.fields["stock"]

    def rules(self) -> Rules:
        """The programme's rules with these rates; what is not asked here stays as it is."""
        typed = {kind: int(self.cleaned_data[kind] * 100) for kind in ("seat", "stock") if kind in self.fields}
        rates = {**self.kept.rates, **typed}
        return Rules(**{**self.kept.to_json(), "rates": rates})
