"""Fields that several steps use."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.money import decimals, parse_amount
from kit.text import strip_controls


class LineField(forms.CharField):
    """One line of text without direction controls; an empty look is empty."""

    def to_python(self, value: Any) -> str:
        return " ".join(strip_controls(super().to_python(value)).split())


class WordsField(forms.CharField):
    """Some lines of text."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return strip_controls(super().to_python(value)).replace("\r\n", "\n").strip()


def money_of(form: forms.Form, name: str, currency: str, *, least: int = 0) -> int | None:
    """The typed amount in minor units; an error at the field where it is none. None where the field is empty."""
    text = form.cleaned_data.get(name)
    if not text:
        return None
    try:
        amount = parse_amount(text, currency)
    except ValueError as error:
        form.add_error(name, str(error))
        return None
    if amount < least:
        form.add_error(name, _("This must be more than nothing."))
    # Stripe takes eight digits: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
    elif amount > 99_999_999:
        form.add_error(name, _("This is more than can be charged at once."))
    else:
        return amount
    return None


def plain_amount(amount: int, currency: str) -> str:
    """As a person would type it: 599, or 19.90."""
    places = decimals(currency)
    whole, rest = divmod(amount, 10**places)
    return f"{whole}.{rest:0{places}d}" if rest else str(whole)
