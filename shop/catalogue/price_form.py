"""A price typed by a person: an offer, a currency, an amount."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.money import CURRENCIES, format_money, parse_amount
from shop.catalogue.flows import end_price, set_price
from shop.catalogue.models import Offer


class PriceForm(forms.Form):
    """An offer's price in a currency; an empty one ends it. `offers`: those that may be chosen, the closed left out."""

    offer = forms.ModelChoiceField(Offer.objects.none(), label=gettext_lazy("Offer"))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES])
    price = forms.CharField(
        label=gettext_lazy("Price"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Such as 599 or 1,299.50; empty: no longer sold in this currency"),
    )

    def __init__(self, data: Any, *, offers: QuerySet[Offer]) -> None:
        super().__init__(data)
        field = self.fields["offer"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = offers.exclude(state=Offer.State.CLOSED)

    def save(self, actor: object) -> str:
        """Set or end the price; what was done, in words. Raises ValueError where the amount is none, or no price remains."""
        offer, currency = self.cleaned_data["offer"], self.cleaned_data["currency"]
        if not self.cleaned_data["price"]:
            end_price(offer=offer, currency=currency, actor=actor)
            return _("%(title)s is no longer sold in %(currency)s.") % {"title": offer.title, "currency": currency}
        amount = parse_amount(self.cleaned_data["price"], currency)
        set_price(offer=offer, currency=currency, amount=amount, actor=actor)
        return _("%(title)s costs %(price)s from now on.") % {"title": offer.title, "price": format_money(amount, currency)}
