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

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        rules = draft.rules or Rules()
        initial = {kind: f"{Decimal(rules.rate_of(kind)) / 100:g}" for kind in ("seat", "stock")}
        super().__init__(*args, initial=initial, **kwargs)
        self.kept = rules
        if draft.kit is None:
            del self.fields["stock"]

    def rules(self) -> Rules:
        """The programme's rules with these rates; what is not asked here stays as it is."""
        rates = {**self.kept.rates, **{kind: int(self.cleaned_data[kind] * 100) for kind in self.fields}}
        return Rules(**{**self.kept.to_json(), "rates": rates})
