"""/admin/shop/taxes/: rates by country, and which prices contain their tax. The owner's, and every change is in the trail."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.backoffice import admin_page, for_roles
from accounts.roles import OWNER
from kit.clock import now
from shop.catalogue.flows import CannotSetTax, drop_tax_rate, set_price, set_tax_rate
from shop.catalogue.models import Offer, Price, TaxRate
from shop.catalogue.taxes import tax_for


class RateForm(forms.Form):
    """A rate in percent."""

    country = forms.CharField(
        label=gettext_lazy("Country"),
        max_length=2,
        required=False,
        help_text=gettext_lazy("TW, CN, JP …; empty: everywhere else"),
    )
    name = forms.CharField(label=gettext_lazy("Name of the tax"), max_length=40)
    percent = forms.DecimalField(label=gettext_lazy("Percent"), min_value=0, max_value=99, decimal_places=2)
    valid_from = forms.DateTimeField(
        label=gettext_lazy("Valid from"),
        required=False,
        help_text=gettext_lazy("Empty: from now on"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )


@for_roles(OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def taxes(request: HttpRequest) -> HttpResponse:
    """The table, and a new rate by POST."""
    form = RateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _set(request, form):
        return redirect("shop_taxes")
    prices = Price.objects.filter(valid_to=None).exclude(offer__state=Offer.State.CLOSED).select_related("offer")
    context = {
        "form": form,
        "rates": TaxRate.objects.order_by("country", "-valid_from"),
        "default": tax_for(""),
        "prices": prices.order_by("offer__title", "currency"),
        "now": now(),
    }
    return admin_page(request, "shop/admin/taxes.html", context, title=_("Taxes"), icon="table")


def _set(request: HttpRequest, form: RateForm) -> bool:
    values: dict[str, Any] = form.cleaned_data
    try:
        set_tax_rate(
            country=values["country"],
            rate=int(values["percent"] * Decimal(100)),
            name=values["name"],
            valid_from=values["valid_from"],
            actor=request.user,
        )
    except CannotSetTax as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The rate is written down. Orders that were placed keep theirs."))
    return True


@for_roles(OWNER)
@require_POST
def drop(request: HttpRequest, rate_id: int) -> HttpResponse:
    """Take back a rate that has not begun."""
    if not drop_tax_rate(rate_id=rate_id, actor=request.user):
        messages.error(request, _("This rate has begun: set another one instead."))
    return redirect("shop_taxes")


@for_roles(OWNER)
@require_POST
def inclusive(request: HttpRequest, price_id: int) -> HttpResponse:
    """Whether a price contains its tax, from now on."""
    row = get_object_or_404(Price.objects.select_related("offer"), pk=price_id, valid_to=None)
    contains = request.POST.get("tax") == "in"
    set_price(offer=row.offer, currency=row.currency, amount=row.amount, tax_inclusive=contains, actor=request.user)
    return redirect("shop_taxes")
