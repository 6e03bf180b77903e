"""Where the buyer is, asked where nothing is sent and countries differ in their tax."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.catalogue.countries import COUNTRIES, country_name
from shop.checkout.forms.contact import attach
from shop.checkout.forms.delivery import TURNS


class CountryForm(forms.Form):
    """The country whose tax the price bears; "" is any that is not listed."""

    use_required_attribute = False

    tax_country = forms.ChoiceField(
        label=_("Your country"), required=False, help_text=_("The tax follows it."), widget=forms.Select(attrs=TURNS)
    )

    def __init__(self, data: Mapping[str, Any], taxed: Sequence[str]) -> None:
        super().__init__(data)
        listed = [*COUNTRIES, *(code for code in taxed if code not in COUNTRIES)]
        self.fields["tax_country"].choices = [  # type: ignore[attr-defined]
            *((code, country_name(code)) for code in listed),
            ("", _("Another country")),
        ]
        attach(self)

    @property
    def country(self) -> str:
        return str(self.cleaned_data.get("tax_country", "")) if self.is_valid() else ""
