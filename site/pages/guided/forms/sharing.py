"""Step 5: what a referrer earns."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kit.money import figures, parse_amount
from pages.guided.draft import Draft
from shop.referrals.limits import Limits, general_rules
from shop.referrals.rules import Rules

PERCENT = {"min_value": 0, "max_value": 100, "decimal_places": 2, "max_digits": 5}


class SharingForm(forms.Form):
    seat = forms.DecimalField(label=_("Of the course (%)"), **PERCENT)
    stock = forms.DecimalField(label=_("Of the kit (%)"), **PERCENT)
    bonus = forms.CharField(
        label=_("Bonus an order"), help_text=_("A fixed amount besides the percentages. Empty: none."), required=False
    )
    own_agreement = forms.BooleanField(
        label=_("Referrers agree to this course's rules separately"),
        help_text=_("Otherwise whoever has agreed to the school's rules earns on this course at once, if its rules are equal."),
        required=False,
    )

    def __init__(self, *args: Any, draft: Draft, limits: Limits | None, **kwargs: Any) -> None:
        """`limits`: the owner's, None where they do not bind. What was promised already may stay."""
        rules = draft.rules or general_rules()
        initial = {kind: f"{Decimal(rules.rate_of(kind)) / 100:g}" for kind in ("seat", "stock")}
        own = draft.programme is not None and draft.programme.own_agreement
        self.kept, self.limits = rules, limits
        self.currency = draft.price.currency if draft.price else settings.SHOP_CURRENCY
        bonus = rules.bonus.get(self.currency, 0)
        initial["bonus"] = figures(bonus, self.currency) if bonus else ""
        super().__init__(*args, initial={**initial, "own_agreement": own}, **kwargs)
        if draft.kit is None:
            del self.fields["stock"]
        if not bonus and limits is not None and limits.bonus.get(self.currency, 0) == 0:
            del self.fields["bonus"]  # the owner allows none

    def clean_seat(self) -> Decimal:
        return self._within("seat")

    def clean_stock(self) -> Decimal:
        return self._within("stock")

    def _within(self, kind: str) -> Decimal:
        rate: Decimal = self.cleaned_data[kind]
        self._refuse_beyond(kind, int(rate * 100), self.kept.rate_of(kind))
        return rate

    def clean_bonus(self) -> int:
        """Minor units."""
        text = self.cleaned_data["bonus"].strip()
        try:
            amount = parse_amount(text, self.currency) if text else 0
        except ValueError as error:
            raise forms.ValidationError(_("An amount, such as 5.00.")) from error
        self._refuse_beyond("bonus", amount, self.kept.bonus.get(self.currency, 0))
        return amount

    def _refuse_beyond(self, what: str, value: int, kept: int) -> None:
        why = self.limits.refusal(what, value, self.currency) if self.limits and value != kept else ""
        if why:
            raise forms.ValidationError(why)

    def rules(self) -> Rules:
        """The programme's rules with these rates; what is not asked here stays as it is."""
        typed = {kind: int(self.cleaned_data[kind] * 100) for kind in ("seat", "stock") if kind in self.fields}
        rates = {**self.kept.rates, **typed}
        bonus = {**self.kept.bonus, self.currency: self.cleaned_data.get("bonus", 0)}
        kept = {currency: amount for currency, amount in bonus.items() if amount}
        return Rules(**{**self.kept.to_json(), "rates": rates, "bonus": kept})
