"""Where a buyer in Taiwan wants the e-invoice: one way, never two."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.plain_select import PlainSelect
from shop.checkout.forms.contact import attach
from shop.checkout.forms.delivery import TURNS
from shop.orders.einvoice import CHECKS, CITIZEN, COMPANY, DONATION, KINDS, MOBILE, EInvoice

# What each looks like, and what is wrong where it does not.
HINTS = {
    MOBILE: _("A slash and seven capital letters, digits, +, - or ., such as /ABC+123"),
    CITIZEN: _("Two capital letters and fourteen digits"),
    DONATION: _("Three to seven digits: the organisation that gets the invoice"),
    COMPANY: _("Eight digits"),
}
WRONG = {
    MOBILE: _("This is no mobile barcode: it is a slash and seven capital letters, digits, +, - or ."),
    CITIZEN: _("This is no barcode of a citizen certificate: it is two capital letters and fourteen digits."),
    DONATION: _("This is no donation code: it is three to seven digits."),
    COMPANY: _("This is no company number: a digit of the eight is wrong."),
}


class EInvoiceForm(forms.Form):
    """The code is asked for once a way is chosen, the company's name beside its number."""

    use_required_attribute = False

    einvoice = forms.ChoiceField(label=_("E-invoice"), required=False, widget=PlainSelect(attrs=TURNS))
    einvoice_value = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
    einvoice_title = forms.CharField(
        label=_("Name of the company"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )

    def __init__(self, values: Mapping[str, Any], *, sent: bool) -> None:
        chosen = str(values.get("einvoice", ""))
        self.kind = chosen if chosen in KINDS else ""
        super().__init__(values if sent else None, initial={**values, "einvoice": self.kind})
        choices = [("", _("Send it to my e-mail address")), *KINDS.items()]
        self.fields["einvoice"].choices = choices  # type: ignore[attr-defined]
        if self.kind:
            self.fields["einvoice_value"].label = KINDS[self.kind]
            self.fields["einvoice_value"].help_text = HINTS[self.kind]
        else:
            del self.fields["einvoice_value"]
        if self.kind != COMPANY:
            del self.fields["einvoice_title"]
        attach(self)

    def clean_einvoice_value(self) -> str:
        """Full-width signs, spaces and small letters are what people type; the rule is checked on what they mean."""
        value = "".join(unicodedata.normalize("NFKC", str(self.cleaned_data["einvoice_value"])).upper().split())
        if not CHECKS[self.kind](value):
            raise forms.ValidationError(WRONG[self.kind])
        return value

    def wish(self) -> EInvoice | None:
        """What was chosen; None for the e-mail. The form must be valid."""
        if not self.kind:
            return None
        return EInvoice(self.kind, self.cleaned_data["einvoice_value"], self.cleaned_data.get("einvoice_title", ""))
