"""Forms at the door. A module of its own: allauth reads accounts.forms while its forms module is still being made."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth is untyped
    """E-mail and password; with the password left empty, a code is sent (allauth's own path for such a form)."""

    use_required_attribute = False

    def _setup_password_field(self) -> None:
        """allauth drops the field where sign-up asks no password; here some people have set one later."""
        self.fields["password"] = allauth_forms.PasswordField(
            label=_("Password"), required=False, autocomplete="current-password",
            help_text=_("Leave it empty, and we send you a code by e-mail."),
        )  # fmt: skip


class Digits(forms.Form):
    """Codes are digits: phones show the keys for them, and offer the code from the mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        self.fields["code"].widget = forms.TextInput(attrs=attrs)


class ConfirmLoginCodeForm(Digits, allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    pass


class ConfirmEmailVerificationCodeForm(Digits, allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    pass


class ConfirmPasswordResetCodeForm(Digits, allauth_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    pass
