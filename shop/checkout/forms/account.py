"""Where a refund is to be transferred."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AccountForm(forms.Form):
    account = forms.CharField(
        label=_("Bank, account number, account holder"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
