"""The address book's form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit import addresses
from kit.forms import DECIDED_BY_AREA, AreaPostcode, PhoneField

COUNTRIES = [
    ("TW", _("Taiwan")),
    ("CN", _("Mainland China")),
    ("HK", _("Hong Kong")),
    ("MO", _("Macau")),
    ("SG", _("Singapore")),
    ("MY", _("Malaysia")),
    ("JP", _("Japan")),
    ("US", _("United States")),
    ("CA", _("Canada")),
    ("GB", _("United Kingdom")),
    ("AU", _("Australia")),
]
LABELS = {
    "region": _("City, county or province"),
    "city": _("District or city"),
    "district": _("District"),
    "street": _("Street, number, floor"),
    "postal_code": _("Postcode"),
}


class AddressForm(forms.Form):
    """A delivery address; which fields follow depends on country and areas chosen so far (`values`)."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, values: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data, initial=dict(values), **kwargs)
        country = str(values.get("country", ""))
        codes = [code for code, _name in COUNTRIES]
        country = country if country in codes else codes[0]
        self.fields["name"] = forms.CharField(
            label=_("Recipient's name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"})
        )
        self.fields["phone"] = PhoneField(
            country, label=_("Phone"), help_text=_("For the carrier only."),
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        )  # fmt: skip
        self.fields["country"] = forms.ChoiceField(label=_("Country or region"), choices=COUNTRIES, widget=forms.Select)
        levels = {
            level.name: level
            for level in addresses.fields_of(country, str(values.get("region", "")), str(values.get("city", "")))
        }
        for name in addresses.field_order(country):
            if name in levels:
                self.fields[name] = _area_field(levels[name], country)

    @property
    def areas(self) -> list[forms.BoundField]:
        """Country and what follows from it."""
        return [self[name] for name in self.fields if name not in ("name", "phone")]

    def parts(self) -> dict[str, str]:
        """The address for kit.addresses, out of the cleaned form."""
        return {
            name: self.cleaned_data.get(name, "") for name in ("country", "region", "city", "district", "street", "postal_code")
        }


def _area_field(level: addresses.Level, country: str) -> forms.Field:
    label = LABELS[level.name]
    if level.name == "postal_code" and country in DECIDED_BY_AREA:
        return AreaPostcode(label=label)
    if not level.choices:
        return forms.CharField(label=label, required=level.required, max_length=200 if level.name == "street" else 80)
    rows = [("", _("Choose")), *((key, name) for key, name, _latin in level.choices)]
    # Whether an area belongs to the one above is judged by kit.addresses, with the other fields in sight.
    return forms.CharField(label=label, required=level.required, widget=forms.Select(choices=rows))
