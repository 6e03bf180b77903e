"""The field for a coupon's code."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.checkout.forms.contact import attach


class CouponForm(forms.Form):
    """A code as typed; whether it is good is asked in shop.orders.coupons."""

    use_required_attribute = False

    coupon = forms.CharField(
        label=_("Discount code, or who recommended it"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attach(self)

    @property
    def code(self) -> str:
        return str(self.cleaned_data.get("coupon", "")) if self.is_valid() else ""
