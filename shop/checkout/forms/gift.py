"""Is it a gift, and for whom?"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit.clock import FALLBACK_ZONE, local_date, now
from shop.checkout.forms.contact import attach
from shop.checkout.forms.delivery import TURNS
from shop.orders.gifts import GiftData

MOST_DAYS_AHEAD = 365


class GiftForm(forms.Form):
    """The recipient's fields stand there only once the box is ticked."""

    use_required_attribute = False

    is_gift = forms.BooleanField(label=_("It is a gift"), required=False, widget=forms.CheckboxInput(attrs=TURNS))
    gift_name = forms.CharField(label=_("Who gets it"), max_length=80)
    gift_email = forms.EmailField(label=_("Their e-mail address"))
    gift_message = forms.CharField(
        label=_("A few words from you"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    gift_on = forms.DateField(
        label=_("When we write to them"),
        required=False,
        help_text=_("Empty: as soon as it is paid"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, values: Mapping[str, Any], *, sent: bool) -> None:
        self.ticked = bool(values.get("is_gift"))
        super().__init__(values if sent else None, initial={**values, "is_gift": self.ticked})
        if not self.ticked:
            for name in ("gift_name", "gift_email", "gift_message", "gift_on"):
                del self.fields[name]
        else:
            self.fields["gift_on"].widget.attrs |= {"min": _today().isoformat(), "max": _latest().isoformat()}
        attach(self)

    def data_of_gift(self) -> GiftData | None:
        """What was written; None where it is no gift. The form must be valid."""
        if not self.ticked:
            return None
        values = self.cleaned_data
        return GiftData(values["gift_name"], values["gift_email"], values["gift_message"], values["gift_on"] or _today())

    def clean_gift_on(self) -> date | None:
        """A day that is not over yet, within a year."""
        day: date | None = self.cleaned_data["gift_on"]
        if day is not None and day < _today():
            text = gettext("This day is past. Choose %(day)s or a later one, or leave it empty.")
            raise forms.ValidationError(text % {"day": date_format(_today(), "DATE_FORMAT")})
        if day is not None and day > _latest():
            text = gettext("That is too far away. Choose %(day)s or an earlier one.")
            raise forms.ValidationError(text % {"day": date_format(_latest(), "DATE_FORMAT")})
        return day


def _latest() -> date:
    return _today() + timedelta(days=MOST_DAYS_AHEAD)


def _today() -> date:
    return local_date(now(), FALLBACK_ZONE)
