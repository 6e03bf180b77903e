"""The forms of a shipping zone: its places, and its rates in a currency."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.money import decimals, parse_amount
from shop.catalogue.countries import COUNTRIES
from shop.catalogue.models import ShippingTariff, ShippingZone

MORE_ROWS = 2


class ZoneForm(forms.Form):
    """Whole countries are ticked; parts of countries are written, one a line: `TW 880`."""

    name = forms.CharField(
        label=gettext_lazy("Name of the zone"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For you; empty: its countries"),
    )
    countries = forms.MultipleChoiceField(
        label=gettext_lazy("Countries"), choices=list(COUNTRIES.items()), required=False, widget=forms.CheckboxSelectMultiple
    )
    parts = forms.CharField(
        label=gettext_lazy("Parts of countries, and countries not listed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line: the country's two letters, then how the postcodes begin. Penghu and Kinmen: TW 88 and TW 89."
        ),
    )

    @staticmethod
    def values_of(zone: ShippingZone) -> dict[str, Any]:
        """What the form shows of a zone."""
        areas = list(zone.areas.all())
        whole = [area.country for area in areas if not area.prefix and area.country in COUNTRIES]
        written = [str(area) for area in areas if area.prefix or area.country not in COUNTRIES]
        return {"name": zone.name, "countries": whole, "parts": "\n".join(written)}

    def areas(self) -> list[tuple[str, str]]:
        """(country, prefix) pairs, as set_zone takes them; for a valid form only."""
        lines = [line.split(None, 1) for line in self.cleaned_data["parts"].splitlines() if line.strip()]
        written = [(line[0], line[1] if len(line) > 1 else "") for line in lines]
        return [*((country, "") for country in self.cleaned_data["countries"]), *written]


class TariffForm(forms.Form):
    """Rates of a zone in one currency: weights in kg, sums in the currency. `rows`: (weight, sum) fields to draw."""

    free_from = forms.CharField(
        label=gettext_lazy("Free from"), max_length=20, required=False, help_text=gettext_lazy("Empty: never")
    )
    tax = forms.ChoiceField(
        label=gettext_lazy("Tax"), choices=[("in", gettext_lazy("in the rates")), ("on_top", gettext_lazy("on top of them"))]
    )

    def __init__(self, data: Any, currency: str, tariff: ShippingTariff | None) -> None:
        rates = sorted(tariff.rates.all(), key=lambda rate: (rate.up_to_g is None, rate.up_to_g)) if tariff else []
        count = min(int(data["count"]), 50) if data and data.get("count", "").isdecimal() else len(rates) + MORE_ROWS
        super().__init__(data, initial=_values_of(tariff, rates), auto_id=f"id_{currency}_%s")
        self.currency, self.count = currency, count
        for index in range(count):
            self.fields[f"weight_{index}"] = forms.DecimalField(
                label=gettext_lazy("Up to kg"), min_value=Decimal("0.001"), max_value=9999, decimal_places=3, required=False
            )
            self.fields[f"sum_{index}"] = forms.CharField(label=gettext_lazy("Costs"), max_length=20, required=False)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"weight_{index}"], self[f"sum_{index}"]) for index in range(self.count)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ["free_from", *(f"sum_{index}" for index in range(self.count))]:
            written = (values.get(name) or "").strip()
            try:
                values[name] = parse_amount(written, self.currency) if written else None
            except ValueError as error:
                self.add_error(name, str(error))
        for index in range(self.count):
            if values.get(f"weight_{index}") and values.get(f"sum_{index}") is None and not self.errors:
                self.add_error(f"sum_{index}", _("Say what it costs: 0 where it is free."))
        return values

    def steps(self) -> list[tuple[int | None, int]]:
        """(grams or None for any weight, minor units); for a valid form only."""
        found = []
        for index in range(self.count):
            weight, amount = self.cleaned_data[f"weight_{index}"], self.cleaned_data[f"sum_{index}"]
            if amount is not None:
                found.append((int(weight * 1000) if weight else None, amount))
        return found


def _values_of(tariff: ShippingTariff | None, rates: list[Any]) -> dict[str, Any]:
    if tariff is None:
        return {"tax": "in"}
    values: dict[str, Any] = {"tax": "in" if tariff.tax_inclusive else "on_top"}
    if tariff.free_from is not None:
        values["free_from"] = _plain(tariff.free_from, tariff.currency)
    for index, rate in enumerate(rates):
        values[f"weight_{index}"] = Decimal(rate.up_to_g) / 1000 if rate.up_to_g else None
        values[f"sum_{index}"] = _plain(rate.amount, tariff.currency)
    return values


def _plain(amount: int, currency: str) -> str:
    """`60`, `19.9`: as parse_amount reads it."""
    return f"{Decimal(amount).scaleb(-decimals(currency)).normalize():f}"
