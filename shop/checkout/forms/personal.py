"""What a seller says of an offer for one person."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kit.clock import now
from kit.money import CURRENCIES, parse_amount

LONGEST_WORDS = 2000


def new_key() -> str:
    return uuid4().hex


class PersonalOfferForm(forms.Form):
    use_required_attribute = False
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput, initial=new_key)
    offer = forms.ModelChoiceField(None, label=_("Offer"), empty_label=None)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    price = forms.CharField(label=_("Price for this person"), max_length=20)
    hours = forms.TypedChoiceField(label=_("Kept for them"), coerce=int, initial=24)
    source = forms.CharField(
        label=_("Said with it"), required=False, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, offers: Any) -> None:
        super().__init__(data, initial={"currency": settings.SHOP_CURRENCY})
        self.fields["offer"].queryset = offers  # type: ignore[attr-defined]
        spans = [(24, _("a day")), (72, _("three days")), (168, _("a week")), (336, _("two weeks"))]
        most = settings.PERSONAL_OFFER_MAX_DAYS * 24
        self.fields["hours"].choices = [span for span in spans if span[0] <= most] or [(most, most)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("price") and values.get("currency"):
            try:
                values["amount"] = parse_amount(values["price"], values["currency"])
            except ValueError as error:
                self.add_error("price", str(error))
        if values.get("hours"):
            # A moment less than the span, so that the longest one is not over its own limit.
            values["expires_at"] = now() + timedelta(hours=values["hours"]) - timedelta(seconds=1)
        return values
