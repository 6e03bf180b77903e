"""Step 4: the kit that comes by parcel, if there is one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.guided.draft import Draft
from pages.guided.forms.fields import LineField, WordsField, money_of, plain_amount
from pages.guided.numbers import part_amounts

NEEDED = ("name", "on_hand", "length", "width", "height", "weight_g", "value")
CM = {"min_value": 0.1, "max_value": 500, "decimal_places": 1, "max_digits": 5, "required": False}


class KitForm(forms.Form):
    has_kit = forms.ChoiceField(
        label=_("Does something come by parcel?"),
        widget=forms.RadioSelect,
        choices=[("no", _("No, the course only")), ("yes", _("Yes, a kit goes to every student"))],
    )
    name = LineField(label=_("Name of the kit"), max_length=120, required=False)
    contents = WordsField(
        label=_("What is in the box, a line each"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    on_hand = forms.IntegerField(label=_("How many you have"), min_value=0, max_value=1_000_000, required=False)
    length = forms.DecimalField(label=_("Length (cm)"), **CM)
    width = forms.DecimalField(label=_("Width (cm)"), **CM)
    height = forms.DecimalField(label=_("Height (cm)"), **CM)
    weight_g = forms.IntegerField(label=_("Weight (g)"), min_value=1, max_value=100_000, required=False)
    value = forms.CharField(label=_("Declared value"), max_length=20, required=False)
    part = forms.CharField(
        label=_("The kit's part of the price"),
        max_length=20,
        required=False,
        help_text=_("What you pay back if only the kit is returned. Left empty: its value."),
    )

    value_amount: int
    part_amount: int

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        self.draft = draft
        if draft.price is None:
            raise ValueError("the kit comes after the price")
        self.price = draft.price
        super().__init__(*args, initial=_saved(draft), **kwargs)
        for name in ("value", "part"):
            self.fields[name].label = f"{self.fields[name].label} ({self.price.currency})"
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    @property
    def wants_kit(self) -> bool:
        return self.cleaned_data.get("has_kit") == "yes"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.wants_kit:
            for name in [name for name in self.errors if name != "has_kit"]:
                del self.errors[name]
            return data
        for name in NEEDED:
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("This is needed to send the kit."))
        self._check_money()
        return data

    def _check_money(self) -> None:
        currency = self.price.currency
        value, part = money_of(self, "value", currency, least=1), money_of(self, "part", currency)
        if value is None or "part" in self.errors:
            return
        self.value_amount = value
        if part is None and value > self.price.amount:
            self.add_error("part", _("The kit is worth more than the price: say how much of the price is for it."))
        elif part is not None and part > self.price.amount:
            self.add_error("part", _("This is more than the price."))
        else:
            self.part_amount = value if part is None else part


def _saved(draft: Draft) -> dict[str, Any]:
    sku, price = draft.former_kit, draft.price
    if sku is None or price is None:
        return {"has_kit": "no"}
    saved = {
        "has_kit": "yes" if draft.kit else "no",
        "name": sku.name,
        "contents": sku.contents,
        "on_hand": draft.on_hand(sku.stock_ref),
        "length": f"{sku.length_mm / 10:g}",
        "width": f"{sku.width_mm / 10:g}",
        "height": f"{sku.height_mm / 10:g}",
        "weight_g": sku.weight_g,
        "value": plain_amount(sku.value, sku.currency),
    }
    if draft.kit:
        saved["part"] = plain_amount(part_amounts(price.amount, price.currency, draft.parts)["stock"], price.currency)
    return saved
