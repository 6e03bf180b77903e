"""/admin/shop/prices/: what each offer costs in each currency. The owner's, and every change is in the trail."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.backoffice import admin_page, for_roles, page_of
from accounts.roles import OWNER
from kit.money import CURRENCIES, format_money, parse_amount
from shop.catalogue.flows import end_price, set_price
from shop.catalogue.models import Offer
from shop.checkout.admin import reads


class PriceForm(forms.Form):
    """An offer's price in a currency; an empty one ends it."""

    offer = forms.ModelChoiceField(label=gettext_lazy("Offer"), queryset=Offer.objects.exclude(state=Offer.State.CLOSED))
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES])
    price = forms.CharField(
        label=gettext_lazy("Price"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Such as 599 or 1,299.50; empty: no longer sold in this currency"),
    )

    def save(self, actor: object) -> str:
        """Set or end the price; what was done, in words. Raises ValueError where the amount is none, or no price remains."""
        offer, currency = self.cleaned_data["offer"], self.cleaned_data["currency"]
        if not self.cleaned_data["price"]:
            end_price(offer=offer, currency=currency, actor=actor)
            return _("%(title)s is no longer sold in %(currency)s.") % {"title": offer.title, "currency": currency}
        amount = parse_amount(self.cleaned_data["price"], currency)
        set_price(offer=offer, currency=currency, amount=amount, actor=actor)
        return _("%(title)s costs %(price)s from now on.") % {"title": offer.title, "price": format_money(amount, currency)}


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def prices(request: HttpRequest) -> HttpResponse:
    """Prices in force and those before them; a new one by POST."""
    form = PriceForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            messages.success(request, form.save(request.user))
            return redirect("shop_prices")
        except ValueError as refusal:
            form.add_error("price", str(refusal))
    context = {"form": form, "page": page_of(request, reads.offers_with_prices())}
    return admin_page(request, "shop/admin/prices.html", context, title=_("Prices"), icon="tag")
