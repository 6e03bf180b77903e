"""The owner's form for an offer's shares; where a payee lives."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from kit.money import percent_text
from shop.catalogue.countries import COUNTRIES
from shop.payouts.rules import WHOLE

YARD = "yard"


class CountryForm(forms.Form):
    """Where the payee's bank is: Stripe asks before anything else, and it cannot be changed later."""

    country = forms.ChoiceField(label=gettext_lazy("Country of your bank"), choices=list(COUNTRIES.items()))


class BankForm(forms.Form):
    holder = forms.CharField(label=gettext_lazy("Account holder"), max_length=120)
    bank = forms.CharField(label=gettext_lazy("Bank and branch"), max_length=120)
    account = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z -]{3,58}$",
        label=gettext_lazy("Account number"),
        max_length=60,
        error_messages={"invalid": gettext_lazy("Letters and figures only, at least four.")},
    )


class SharesForm(forms.Form):
    """A percentage for each teacher and for the yard; empty is nothing."""

    def __init__(self, data: Any, *, teachers: Sequence[User], shares: dict[int | None, int]) -> None:
        super().__init__(data)
        names = {str(user.pk): user.display_name for user in teachers} | {YARD: _("The yard")}
        for key, name in names.items():
            points = shares.get(None if key == YARD else int(key), 0)
            self.fields[f"share_{key}"] = forms.DecimalField(
                label=name,
                required=False,
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=f"{(Decimal(points) / 100).normalize():f}" if points else None,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0", "max": "100"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (whole := sum(self.shares().values())) != WHOLE:
            text = _("The shares come to %(sum)s; together they must be 100 %%.")
            raise forms.ValidationError(text % {"sum": percent_text(whole)})
        return cleaned

    def shares(self) -> dict[int | None, int]:
        """Payee id (None: the yard) → basis points, those above nothing."""
        found: dict[int | None, int] = {}
        for name, percent in self.cleaned_data.items():
            key = name.removeprefix("share_")
            if percent:
                found[None if key == YARD else int(key)] = int(percent * 100)
        return found
