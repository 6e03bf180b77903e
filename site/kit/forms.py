"""Form fields that several rooms use."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.phones import LONGEST, PhoneRefused, checked_phone


class AreaPostcode(forms.CharField):
    """A postcode that the chosen area decides (Taiwan) or suggests (mainland China): nobody must know it, and it is
    not marked as optional either.
    """

    fills_itself = True

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            **{"max_length": 20, "help_text": _("The area chosen above fills this in."), **kwargs, "required": False}
        )


DECIDED_BY_AREA = {"TW", "CN"}


class PhoneField(forms.CharField):
    """A telephone number that can be called in `country` (ISO code); see kit.phones."""

    def __init__(self, country: str, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST, "widget": forms.TextInput(attrs={"type": "tel"}), **kwargs})
        self.country = country

    def clean(self, value: Any) -> str:
        phone = super().clean(value)
        try:
            return checked_phone(phone, self.country) if phone else phone
        except PhoneRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
