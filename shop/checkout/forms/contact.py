"""Who buys, and their consent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ORDER_FORM = "order-form"


def attach(form: forms.Form) -> None:
    """The page's controls stand outside their <form>, because the sign-in form stands between them."""
    for field in form.fields.values():
        field.widget.attrs["form"] = ORDER_FORM


class ContactForm(forms.Form):
    """E-mail and name of a guest, the promise read; `key` makes a repeated submit the same order."""

    use_required_attribute = False

    key = forms.RegexField(r"^[0-9a-f-]{36}$", widget=forms.HiddenInput)
    seen_total = forms.IntegerField(widget=forms.HiddenInput, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Your order and the way into the course are sent here."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    buyer_name = forms.CharField(
        label=_("Your name"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    agree = forms.BooleanField(
        label=_("I have read what is promised above about refunds and returns."),
        error_messages={"required": _("Please read it and tick the box.")},
    )

    consent = forms.BooleanField(
        label=_("I want to begin at once, and know that opening a lesson ends my time to change my mind about the course."),
        error_messages={"required": _("Please read it and tick the box.")},
    )

    def __init__(self, *args: Any, member: bool, needs_name: bool, asks_consent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_consent:
            del self.fields["consent"]
        if member:
            del self.fields["email"]
        if not needs_name:
            del self.fields["buyer_name"]
        attach(self)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()
